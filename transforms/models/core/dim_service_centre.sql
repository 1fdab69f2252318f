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

statements as (
    select
        service_centres.*,
        documents.as_of,
        documents.published as known_from
    from service_centres
    inner join {{ ref('stg_documents') }} as documents on service_centres.document_id = documents.document_id
),

versions as (
    select
        *,
        {{ known_to('service_centre_id') }} as known_to
    from statements
),

final as (
    select
        versions.service_centre_id,
        versions.place as locality,
        place_municipality.municipality_code,
        versions.is_new,
        versions.document_id,
        versions.source_row_id
    from {{ as_known('versions') }} as versions
    left join {{ ref('int_place_municipality') }} as place_municipality
        on versions.place = place_municipality.place
)

select * from final
