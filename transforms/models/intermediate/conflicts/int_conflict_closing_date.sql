with comparisons as (
    select
        claims.subject,
        'closes_on' as attribute,
        cast(claims.closes_on as varchar) as value_a,
        claims.source_row_id as source_a,
        cast(offices.closes_on as varchar) as value_b,
        claims.office_source_row_id as source_b,
        claims.closes_on = offices.closes_on as agrees
    from {{ ref('int_office_claim') }} as claims
    inner join {{ ref('dim_office') }} as offices
        on claims.office_id = offices.office_id
    where
        claims.closes_on is not null
        and offices.closes_on is not null
        and claims.source_row_id != offices.source_row_id
),

contradictions as (
    {{ contradicted('closing_date', 'comparisons') }}
),

-- Such as 2020-01-10 for 2020-10-01.
final as (
    select
        subject,
        attribute,
        value_a,
        source_a,
        value_b,
        source_b,
        case
            when
                substr(value_a, 1, 4) = substr(value_b, 1, 4)
                and substr(value_a, 6, 2) = substr(value_b, 9, 2)
                and substr(value_a, 9, 2) = substr(value_b, 6, 2)
                then 'closing_date_swapped'
            else kind
        end as kind
    from contradictions
)

select * from final
