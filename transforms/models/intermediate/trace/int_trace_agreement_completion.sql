with collaborations as (
    select
        states.as_of,
        dim_office.municipality_code,
        dim_office.office_id,
        dim_office.office,
        states.agreement,
        states.premises,
        states.source_row_id
    from {{ as_known(ref('fct_collaboration_state')) }} as states
    inner join {{ ref('dim_office') }} as dim_office on states.office_id = dim_office.office_id
),

-- Which collaborations each metric counts; a null counts all of them.
metrics (metric, agreement, premises) as (
    values
    ('planned', null, null),
    ('in_use', 'in_use', null),
    ('in_use_service_centre', 'in_use', 'service_centre'),
    ('in_use_municipality', 'in_use', 'municipality'),
    ('in_use_own', 'in_use', 'own'),
    ('agreed_not_ready', 'agreed', null),
    ('own_premises_not_ready', 'own_premises_not_ready', null)
),

final as (
    select
        metrics.metric,
        collaborations.as_of,
        'rows' as dimension,
        collaborations.municipality_code,
        collaborations.office_id as subject,
        collaborations.office as subject_name,
        cast(null as double) as row_value,
        collaborations.source_row_id
    from collaborations
    inner join metrics
        on
            (metrics.agreement is null or collaborations.agreement = metrics.agreement)
            and (metrics.premises is null or collaborations.premises = metrics.premises)
)

select * from final
