-- Detects lists of places in the texts that are not compared with the tables, because nobody has said what they claim.
-- A returned row is such a list with its first place: give it rows in the seed `place_list_claims`.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'conflict'}}}) }}

with claims as (
    select distinct place_list
    from {{ ref('place_list_claims') }}
),

final as (
    select
        places.place_list,
        min(places.source_row_id) as first_source_row_id
    from {{ ref('stg_stated_places') }} as places
    left join claims
        on places.place_list = claims.place_list
    where claims.place_list is null
    group by places.place_list
)

select * from final
