-- Detects places of the rollout, places that a unit serves, and offices that no municipality of the geography takes.
-- A returned row is the printed row: add its place to the seed `localities`, or mend the municipality's name.
{{ config(meta={'dagster': {'ref': {'name': 'int_place_municipality'}}}) }}

with named_places as (
    select
        place,
        document_id,
        page,
        line_from
    from {{ ref('stg_service_centre_rollout') }}
    union all
    select
        place,
        document_id,
        page,
        line_from
    from {{ ref('stg_service_centre_notes') }}
    union all
    select
        place,
        document_id,
        page,
        line_from
    from {{ ref('stg_stated_places') }}
    where place_list = 'unit_municipality'
),

final as (
    select
        named_places.place,
        named_places.document_id,
        named_places.page,
        named_places.line_from
    from named_places
    inner join {{ ref('int_place_municipality') }} as place_municipality
        on named_places.place = place_municipality.place
    where place_municipality.municipality_code is null
    union all
    select
        office || ', ' || municipality_printed as place,
        document_id,
        page,
        line_from
    from {{ ref('int_office') }}
    where municipality_code is null
)

select * from final
