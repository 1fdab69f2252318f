with rollout_rows as (
    select place from {{ ref('stg_service_centre_rollout') }}
    union distinct
    select place from {{ ref('stg_service_centre_notes') }}
),

municipalities as (
    select
        municipality,
        municipality_code
    from {{ ref('stg_municipalities') }}
),

-- A place can have several offices; they lie in one municipality.
office_places as (
    select
        locality,
        max(municipality_code) as municipality_code
    from {{ ref('int_office') }}
    group by locality
    having count(distinct municipality_code) = 1
),

seeded_places as (
    select
        localities.locality,
        municipalities.municipality_code
    from {{ ref('localities') }} as localities
    inner join municipalities
        on localities.municipality = municipalities.municipality
),

final as (
    select
        rollout_rows.place,
        coalesce(
            municipalities.municipality_code,
            office_places.municipality_code,
            seeded_places.municipality_code
        ) as municipality_code,
        case
            when municipalities.municipality_code is not null then 'municipality'
            when office_places.municipality_code is not null then 'office'
            when seeded_places.municipality_code is not null then 'seed'
        end as known_by
    from rollout_rows
    left join municipalities
        on rollout_rows.place = municipalities.municipality
    left join office_places
        on rollout_rows.place = office_places.locality
    left join seeded_places
        on rollout_rows.place = seeded_places.locality
)

select * from final
