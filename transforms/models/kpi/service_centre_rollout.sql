with launches as (
    select
        service_centre_id,
        launch_month,
        commitment,
        is_new,
        restores_drop_in
    from {{ ref('int_service_centre_launch') }}
    where withdrawn_on is null or launch_month < withdrawn_on
),

-- Every centre that exists is counted, launched or not; one that is new in 2021 is not.
existing as (
    select count(case when not is_new then 1 end) as existing_total
    from {{ ref('dim_service_centre') }}
),

months as (
    select
        launch_month,
        count(*) as launches,
        count(case when commitment = 'decided' then 1 end) as launches_decided,
        count(case when commitment = 'direction' then 1 end) as launches_direction,
        count(case when is_new then 1 end) as launches_new_centres,
        count(case when restores_drop_in then 1 end) as launches_restoring_drop_in,
        count(case when restores_drop_in and not is_new then 1 end) as existing_restoring_drop_in
    from launches
    group by launch_month
),

running as (
    select
        launch_month,
        launches,
        launches_decided,
        launches_direction,
        launches_new_centres,
        launches_restoring_drop_in,
        sum(launches_restoring_drop_in) over (order by launch_month) as cumulative_restoring_drop_in,
        sum(existing_restoring_drop_in) over (order by launch_month) as cumulative_existing_restoring_drop_in,
        sum(launches) over (order by launch_month) as cumulative,
        sum(launches - launches_new_centres) over (order by launch_month) as cumulative_existing
    from months
),

final as (
    select
        running.launch_month,
        running.launches,
        running.launches_decided,
        running.launches_direction,
        running.launches_new_centres,
        running.launches_restoring_drop_in,
        cast(running.cumulative as bigint) as cumulative,
        cast(running.cumulative_existing as bigint) as cumulative_existing,
        existing.existing_total,
        cast(running.cumulative_restoring_drop_in as bigint) as cumulative_restoring_drop_in,
        cast(running.cumulative_existing_restoring_drop_in as bigint) as cumulative_existing_restoring_drop_in,
        cast(running.cumulative_existing as double) / nullif(existing.existing_total, 0) as completion_share
    from running
    cross join existing
)

select * from final
