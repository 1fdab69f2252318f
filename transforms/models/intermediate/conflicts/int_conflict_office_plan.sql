with comparisons as (
    select
        claims.subject,
        'plan' as attribute,
        claims.plan as value_a,
        claims.source_row_id as source_a,
        claims.office_source_row_id as source_b,
        coalesce(offices.plan, 'not_listed') as value_b,
        coalesce(offices.plan, 'none') = claims.plan as agrees
    from {{ ref('int_office_claim') }} as claims
    left join {{ ref('dim_office') }} as offices
        on claims.office_id = offices.office_id
    where claims.plan is not null
),

final as (
    {{ contradicted('office_plan', 'comparisons') }}
)

select * from final
