-- What a document says of an office is the state on the document's own day.
with comparisons as (
    select
        claims.subject,
        'closes_on' as attribute,
        claims.source_row_id as source_a,
        claims.office_source_row_id as source_b,
        cast(offices.closes_on as varchar) as value_b,
        case when claims.is_closed then 'by ' else 'after ' end || cast(claims.as_of as varchar) as value_a,
        claims.is_closed = (offices.closes_on <= claims.as_of) as agrees
    from {{ ref('int_office_claim') }} as claims
    inner join {{ ref('dim_office') }} as offices
        on claims.office_id = offices.office_id
    where claims.is_closed is not null and offices.closes_on is not null
),

final as (
    {{ contradicted('status_against_date', 'comparisons') }}
)

select * from final
