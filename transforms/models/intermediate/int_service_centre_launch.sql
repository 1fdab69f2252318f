-- A withdrawn launch stays, with its day: its month may have come before, and it tells of AF's own office.
with statements as (
    select
        *,
        lead(known_from) over (partition by service_centre_id order by known_from, document_id) as planned_again_on
    from {{ ref('fct_service_launch') }}
),

launches as (
    select *
    from statements
    where known_to is null or (withdrawn_on is not null and planned_again_on is null)
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
        launches.withdrawn_on,
        launches.source_row_id
    from launches
    inner join service_centres on launches.service_centre_id = service_centres.service_centre_id
)

select * from final
