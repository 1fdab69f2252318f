with claims as (
    select
        places.place as subject,
        {{ slug('places.place') }} as place_slug,
        places.place_kind,
        places.as_of,
        claims.attribute,
        claims.value,
        places.source_row_id
    from {{ ref('stg_stated_places') }} as places
    inner join {{ ref('place_list_claims') }} as claims
        on places.place_list = claims.place_list
    where claims.attribute is not null
),

facts as (
    select
        place_names.place_kind,
        place_names.place_slug,
        facts.attribute,
        facts.value,
        facts.holds_from,
        facts.holds_until,
        facts.source_row_id
    from {{ ref('int_place_name') }} as place_names
    inner join {{ ref('int_place_fact') }} as facts
        on place_names.holder_id = facts.holder_id
),

-- Stands for all tables where no row is about the place.
table_starts as (
    select
        attribute,
        min(source_row_id) as source_row_id
    from facts
    group by attribute
),

-- A value that no document gives contradicts nothing.
comparisons as (
    select
        claims.subject,
        claims.attribute,
        claims.value as value_a,
        claims.source_row_id as source_a,
        case when facts.source_row_id is null then 'not_listed' else facts.value end as value_b,
        coalesce(facts.source_row_id, table_starts.source_row_id) as source_b,
        case
            when facts.source_row_id is null then claims.value = 'none'
            else coalesce(claims.value = facts.value, true)
        end as agrees
    from claims
    left join facts
        on
            claims.place_kind = facts.place_kind
            and claims.place_slug = facts.place_slug
            and claims.attribute = facts.attribute
            and (facts.holds_from is null or claims.as_of >= facts.holds_from)
            and (facts.holds_until is null or claims.as_of < facts.holds_until)
    left join table_starts
        on claims.attribute = table_starts.attribute
),

final as (
    {{ contradicted('named_place', 'comparisons') }}
)

select * from final
