with rollout_rows as (
    select place from {{ ref('stg_service_centre_rollout') }}
    union distinct
    select place from {{ ref('stg_service_centre_notes') }}
),

named_places as (
    select place from rollout_rows
    union distinct
    select place from {{ ref('stg_stated_places') }}
    where place_list = 'unit_municipality'
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
        named_places.place,
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
    from named_places
    left join municipalities
        on named_places.place = municipalities.municipality
    left join office_places
        on named_places.place = office_places.locality
    left join seeded_places
        on named_places.place = seeded_places.locality
)

select * from final
