-- Every figure that is published of contacts is made here, from open cells and from sums of whole pools alone. Nothing
-- else of a withheld cell gets through, in whatever figure and in however many releases.
with cells as (
    select * from {{ ref('int_contact_cell') }}
),

-- The sum of a pool is known as it was when its month was first released, or not at all.
members as (
    select
        pools.report_month,
        pools.cell,
        pools.number,
        pools.pool,
        coalesce(cells.is_small and cells.contacts = pools.number, false) as is_unchanged
    from {{ ref('int_contact_pool') }} as pools
    left join cells on pools.report_month = cells.report_month and pools.cell = cells.cell
),

pools as (
    select
        pool,
        sum(number) as number,
        count(*) as cells,
        count(*) as low,
        count(*) * {{ small_count_max('contacts') }} as high
    from members
    group by pool
    having bool_and(is_unchanged)
),

pooled_cells as (
    select
        cells.report_month,
        cells.municipality_code,
        cells.visitor_group,
        cells.channel,
        cells.contacts,
        cells.is_small,
        pools.pool
    from cells
    left join members
        on cells.is_small and cells.report_month = members.report_month and cells.cell = members.cell
    left join pools on members.pool = pools.pool
),

-- Each cell in its own group and in all groups, in its own channel and, if it is a visit, in all visits.
groups as (
    select
        *,
        visitor_group as counted_group
    from pooled_cells
    where visitor_group != 'no_group'
    union all
    select
        *,
        'all' as counted_group
    from pooled_cells
),

channels as (
    select
        *,
        channel as counted_channel
    from groups
    union all
    select
        *,
        'all' as counted_channel
    from groups
    where channel in ({{ visit_channels() }})
),

parts as (
    select
        channels.report_month,
        channels.counted_group,
        channels.counted_channel,
        scopes.scope,
        scopes.scope_code,
        channels.is_small,
        channels.pool,
        sum(channels.contacts) as contacts,
        count(*) as cells,
        count(*) as low,
        count(*) * {{ small_count_max('contacts') }} as high
    from channels
    inner join {{ ref('int_municipality_scope') }} as scopes on channels.municipality_code = scopes.municipality_code
    group by all
),

bounds as (
    select
        parts.report_month,
        parts.counted_group,
        parts.counted_channel,
        parts.scope,
        parts.scope_code,
        case
            when not parts.is_small then parts.contacts
            when parts.pool is null then parts.low
            else {{ part_of_pool_min('parts', 'pools') }}
        end as contacts_min,
        case
            when not parts.is_small then parts.contacts
            when parts.pool is null then parts.high
            else {{ part_of_pool_max('parts', 'pools') }}
        end as contacts_max,
        -- A cell of a pool counts the pool's mean, any other one the middle of what it can be.
        case
            when not parts.is_small then parts.contacts
            when parts.pool is null then (parts.low + parts.high) / 2
            else pools.number * parts.cells / pools.cells
        end as expected
    from parts
    left join pools on parts.pool = pools.pool
),

totals as (
    select
        report_month,
        counted_group,
        counted_channel,
        scope,
        scope_code,
        sum(contacts_min) as contacts_min,
        sum(contacts_max) as contacts_max,
        sum(expected) as expected
    from bounds
    group by all
),

final as (
    select
        report_month,
        scope,
        scope_code,
        counted_group as visitor_group,
        counted_channel as channel,
        cast(
            case when contacts_min > {{ small_count_max('contacts') }} then {{ rounded('expected') }} end as bigint
        ) as contacts,
        cast(contacts_min as bigint) as contacts_min,
        cast(contacts_max as bigint) as contacts_max
    from totals
)

select * from final
