with places as (
    select
        service_centre_id,
        place,
        is_new,
        document_id,
        source_row_id
    from {{ ref('stg_service_centre_rollout') }}
),

-- A note announces a further centre in 2021; it names the city only.
announced as (
    select
        service_centre_id,
        place,
        true as is_new,
        document_id,
        source_row_id
    from {{ ref('stg_service_centre_notes') }}
),

service_centres as (
    select * from places
    union all
    select * from announced
),

final as (
    select
        service_centres.service_centre_id,
        service_centres.place as locality,
        place_municipality.municipality_code,
        service_centres.is_new,
        service_centres.document_id,
        service_centres.source_row_id
    from service_centres
    left join {{ ref('int_place_municipality') }} as place_municipality
        on service_centres.place = place_municipality.place
)

select * from final
