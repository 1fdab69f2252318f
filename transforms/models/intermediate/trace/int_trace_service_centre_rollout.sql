with launches as (
    select
        launches.service_centre_id,
        centres.locality,
        launches.municipality_code,
        launches.launch_month,
        launches.commitment,
        launches.is_new,
        launches.restores_drop_in,
        launches.source_row_id
    from {{ ref('int_service_centre_launch') }} as launches
    inner join {{ ref('dim_service_centre') }} as centres on launches.service_centre_id = centres.service_centre_id
    where launches.withdrawn_on is null or launches.launch_month < launches.withdrawn_on
),

months as (
    select distinct launch_month as month_of_row
    from launches
),

launches_until as (
    select
        months.month_of_row,
        launches.service_centre_id,
        launches.locality,
        launches.municipality_code,
        launches.launch_month,
        launches.commitment,
        launches.is_new,
        launches.restores_drop_in,
        launches.source_row_id
    from months
    inner join launches on months.month_of_row >= launches.launch_month
),

launch_rows as (
    select
        'launches' as metric,
        month_of_row,
        municipality_code,
        service_centre_id,
        locality,
        source_row_id
    from launches_until
    where launch_month = month_of_row
    union all
    select
        case commitment when 'decided' then 'launches_decided' else 'launches_direction' end as metric,
        month_of_row,
        municipality_code,
        service_centre_id,
        locality,
        source_row_id
    from launches_until
    where launch_month = month_of_row
    union all
    select
        'launches_new_centres' as metric,
        month_of_row,
        municipality_code,
        service_centre_id,
        locality,
        source_row_id
    from launches_until
    where launch_month = month_of_row and is_new
    union all
    select
        'launches_restoring_drop_in' as metric,
        month_of_row,
        municipality_code,
        service_centre_id,
        locality,
        source_row_id
    from launches_until
    where launch_month = month_of_row and restores_drop_in
),

cumulative_rows as (
    select
        'cumulative' as metric,
        month_of_row,
        municipality_code,
        service_centre_id,
        locality,
        source_row_id
    from launches_until
    union all
    select
        'cumulative_existing' as metric,
        month_of_row,
        municipality_code,
        service_centre_id,
        locality,
        source_row_id
    from launches_until
    where not is_new
    union all
    select
        'cumulative_restoring_drop_in' as metric,
        month_of_row,
        municipality_code,
        service_centre_id,
        locality,
        source_row_id
    from launches_until
    where restores_drop_in
    union all
    select
        'cumulative_existing_restoring_drop_in' as metric,
        month_of_row,
        municipality_code,
        service_centre_id,
        locality,
        source_row_id
    from launches_until
    where restores_drop_in and not is_new
    union all
    select
        'existing_total' as metric,
        months.month_of_row,
        centres.municipality_code,
        centres.service_centre_id,
        centres.locality,
        centres.source_row_id
    from months
    cross join {{ ref('dim_service_centre') }} as centres
    where not centres.is_new
),

all_rows as (
    select * from launch_rows
    union all
    select * from cumulative_rows
),

final as (
    select
        metric,
        month_of_row as as_of,
        cast(null as varchar) as dimension,
        municipality_code,
        service_centre_id as subject,
        locality as subject_name,
        cast(null as double) as row_value,
        source_row_id
    from all_rows
)

select * from final
