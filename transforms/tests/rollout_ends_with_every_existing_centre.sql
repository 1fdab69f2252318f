-- Detects a rollout that leaves out a service centre that exists, or launches one twice: each of them is launched by
-- the last month, unless a later schedule has withdrawn its launch.
-- A returned row is the last month with a cumulative number that is not the number of existing centres to launch.
{{ config(meta={'dagster': {'ref': {'name': 'service_centre_rollout'}}}) }}

with last_month as (
    select max(launch_month) as launch_month
    from {{ ref('service_centre_rollout') }}
),

withdrawn as (
    select count(*) as never_launched
    from {{ ref('fct_service_launch') }} as launches
    inner join {{ ref('dim_service_centre') }} as centres
        on launches.service_centre_id = centres.service_centre_id and launches.source_row_id = centres.source_row_id
    where launches.withdrawn_on <= launches.launch_month and not centres.is_new
),

final as (
    select
        rollout.launch_month,
        rollout.cumulative_existing,
        withdrawn.never_launched,
        rollout.existing_total
    from {{ ref('service_centre_rollout') }} as rollout
    inner join last_month on rollout.launch_month = last_month.launch_month
    cross join withdrawn
    where rollout.cumulative_existing + withdrawn.never_launched != rollout.existing_total
)

select * from final
