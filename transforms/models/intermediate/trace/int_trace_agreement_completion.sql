{% set quantities = [
    'planned',
    'in_use',
    'in_use_service_centre',
    'in_use_municipality',
    'in_use_own',
    'agreed_not_ready',
    'own_premises_not_ready',
] %}

with collaborations as (
    select
        states.as_of,
        states.municipality_code,
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

counted as (
    select
        metrics.metric,
        collaborations.as_of,
        'rows' as basis,
        collaborations.municipality_code,
        collaborations.office_id as subject,
        collaborations.office as subject_name,
        cast(null as bigint) as row_value,
        collaborations.source_row_id
    from collaborations
    inner join metrics
        on
            (metrics.agreement is null or collaborations.agreement = metrics.agreement)
            and (metrics.premises is null or collaborations.premises = metrics.premises)
),

-- A statement counts for the nation, by itself.
stated as (
    {% for quantity in quantities %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            '{{ quantity }}' as metric,
            as_of,
            'stated' as basis,
            cast(null as varchar) as municipality_code,
            {{ quantity }}_source_row_id as subject,
            'Sverige' as subject_name,
            {{ quantity }} as row_value,
            {{ quantity }}_source_row_id as source_row_id
        from {{ ref('int_stated_agreement') }}
        where {{ quantity }} is not null
    {% endfor %}
),

all_rows as (
    select * from counted
    union all
    select * from stated
),

final as (
    select
        metric,
        as_of,
        basis as dimension,
        municipality_code,
        subject,
        subject_name,
        cast(row_value as double) as row_value,
        source_row_id
    from all_rows
)

select * from final
