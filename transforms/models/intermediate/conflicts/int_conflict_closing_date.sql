with comparisons as (
    select
        claims.subject,
        'closes_on' as attribute,
        claims.closes_on as value_a,
        claims.source_row_id as source_a,
        offices.closes_on as value_b,
        claims.office_source_row_id as source_b,
        claims.closes_on = offices.closes_on as agrees
    from {{ ref('int_office_claim') }} as claims
    inner join {{ ref('dim_office') }} as offices
        on claims.office_id = offices.office_id
    where claims.closes_on is not null and offices.closes_on is not null
),

contradictions as (
    {{ contradicted('comparisons') }}
),

final as (
    select
        case
            when
                extract(year from value_a) = extract(year from value_b)
                and extract(month from value_a) = extract(day from value_b)
                and extract(day from value_a) = extract(month from value_b)
                then 'closing_date_swapped'
            else 'closing_date'
        end as kind,
        subject,
        attribute,
        cast(value_a as varchar) as value_a,
        source_a,
        cast(value_b as varchar) as value_b,
        source_b
    from contradictions
)

select * from final
