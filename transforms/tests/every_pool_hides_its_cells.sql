-- Detects pools whose sum would tell something of a cell, beyond its being withheld: a cell alone, or a sum with which
-- some cell cannot be as small, or as large, as a withheld one may be. Pools of earlier releases were drawn by the rule
-- of their time. A returned row is a pool with its cells and its sum.
{{ config(meta={'dagster': {'ref': {'name': 'int_contact_pool'}}}) }}

with cells as (
    select
        pools.pool,
        pools.number,
        {{ small_count_max('contacts') }} as small_count_max
    from {{ ref('int_contact_pool') }} as pools
    left join {{ ref('stg_released_contact_months') }} as released on pools.report_month = released.report_month
    where released.report_month is null
    union all
    select
        pools.pool,
        pools.number,
        {{ small_count_max('registered') }} as small_count_max
    from {{ ref('int_registration_pool') }} as pools
    left join {{ ref('stg_released_pools') }} as released
        on pools.report_month = released.report_month and pools.cell = released.cell
    where released.cell is null
),

pools as (
    select
        pool,
        count(*) as cells,
        sum(number) as number,
        max(small_count_max) as small_count_max,
        bool_and(number between 1 and small_count_max) as are_all_small
    from cells
    group by pool
),

final as (
    select * from pools
    where
        cells < 2
        or not are_all_small
        or number < cells + small_count_max - 1
        or number > cells * small_count_max - (small_count_max - 1)
)

select * from final
