-- Detects a rollout that leaves out a service centre that exists, or launches one twice.
-- A returned row is the last month with a cumulative number that is not the number of existing centres.
{{ config(meta={'dagster': {'ref': {'name': 'service_centre_rollout'}}}) }}

with last_month as (
    select max(launch_month) as launch_month
    from {{ ref('service_centre_rollout') }}
),

final as (
    select
        rollout.launch_month,
        rollout.cumulative_existing,
        rollout.existing_total
    from {{ ref('service_centre_rollout') }} as rollout
    inner join last_month on rollout.launch_month = last_month.launch_month
    where rollout.cumulative_existing != rollout.existing_total
)

select * from final
