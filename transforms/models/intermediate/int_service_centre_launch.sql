with launches as (
    select * from {{ as_known(ref('fct_service_launch')) }} as launches
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
        launches.office_status,
        launches.restores_drop_in,
        launches.source_row_id
    from launches
    inner join service_centres on launches.service_centre_id = service_centres.service_centre_id
)

select * from final
