with comparisons as (
    select
        claims.subject,
        'plan' as attribute,
        claims.plan as value_a,
        claims.source_row_id as source_a,
        coalesce(offices.plan, 'not_listed') as value_b,
        claims.office_source_row_id as source_b,
        coalesce(offices.plan, 'none') = claims.plan as agrees
    from {{ ref('int_office_claim') }} as claims
    left join {{ ref('dim_office') }} as offices
        on claims.office_id = offices.office_id
),

contradictions as (
    {{ contradicted('comparisons') }}
),

final as (
    select
        'office_plan' as kind,
        *
    from contradictions
)

select * from final
