-- Detects places of the rollout and offices that no municipality of the geography takes.
-- A returned row is the printed row: add its place to the seed `localities`, or mend the municipality's name.
{{ config(meta={'dagster': {'ref': {'name': 'int_place_municipality'}}}) }}

with rollout_rows as (
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
),

final as (
    select
        rollout_rows.place,
        rollout_rows.document_id,
        rollout_rows.page,
        rollout_rows.line_from
    from rollout_rows
    inner join {{ ref('int_place_municipality') }} as place_municipality
        on rollout_rows.place = place_municipality.place
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
