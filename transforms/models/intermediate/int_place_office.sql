with places as (
    select distinct place
    from {{ ref('stg_service_centre_rollout') }}
),

named as (
    select
        places.place,
        coalesce(place_offices.locality, places.place) as locality
    from places
    left join {{ ref('place_offices') }} as place_offices
        on places.place = place_offices.place
),

final as (
    select
        named.place,
        offices.office_id
    from named
    inner join {{ ref('dim_office') }} as offices
        on named.locality = offices.locality
)

select * from final
