with documents as (
    select
        document_id,
        as_of
    from {{ ref('stg_documents') }}
),

-- The later document wins.
launches as (
    select
        launches.service_centre_id,
        launches.launch_month,
        launches.commitment,
        launches.office_status,
        row_number() over (partition by launches.service_centre_id order by documents.as_of desc) as age_rank
    from {{ ref('fct_service_launch') }} as launches
    inner join documents on launches.document_id = documents.document_id
),

service_centres as (
    select
        service_centre_id,
        municipality_code,
        is_new
    from {{ ref('dim_service_centre') }}
),

final as (
    select
        launches.service_centre_id,
        service_centres.municipality_code,
        service_centres.is_new,
        launches.launch_month,
        launches.commitment,
        launches.office_status
    from launches
    inner join service_centres on launches.service_centre_id = service_centres.service_centre_id
    where launches.age_rank = 1
)

select * from final
