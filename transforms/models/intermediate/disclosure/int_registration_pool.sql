-- As for contacts, the pools of a group's month are drawn once, and in one layout: sums of two files over different
-- places would tell the difference. Cells that are closed with their division, or withheld by the file, are in none.
with new_series as (
    select
        cells.report_month,
        cells.visitor_group,
        min(layouts.layout_rank) as layout_rank
    from {{ ref('int_registration_cell') }} as cells
    inner join {{ ref('registration_layouts') }} as layouts on cells.layout = layouts.layout
    left join {{ ref('stg_released_registrations') }} as released
        on cells.report_month = released.report_month and cells.visitor_group = released.visitor_group
    where released.cell is null
    group by cells.report_month, cells.visitor_group
),

released_pools as (
    select * from {{ ref('stg_released_pools') }}
    where subject = 'registered'
),

small_cells as (
    select
        cells.cell,
        cells.report_month,
        cells.registered_min as number,
        cells.low,
        cells.high,
        cells.layout || ' ' || cells.report_month || ' ' || cells.visitor_group as of_nation,
        cells.layout || ' ' || cells.report_month || ' ' || cells.visitor_group || ' ' || regions.af_region
            as of_af_region,
        cells.layout || ' ' || cells.report_month || ' ' || cells.visitor_group || ' ' || cells.county_code
            as of_county,
        cells.layout || ' ' || cells.report_month || ' ' || cells.visitor_group || ' ' || municipalities.county_code
        || ' ' || municipalities.fa_region_code as of_county_and_fa_region
    from {{ ref('int_registration_cell') }} as cells
    inner join {{ ref('registration_layouts') }} as layouts on cells.layout = layouts.layout
    inner join new_series
        on
            layouts.layout_rank = new_series.layout_rank
            and cells.report_month = new_series.report_month
            and cells.visitor_group = new_series.visitor_group
    left join {{ ref('int_municipality') }} as municipalities
        on cells.municipality_code = municipalities.municipality_code
    left join {{ ref('int_county_af_region') }} as regions on cells.county_code = regions.county_code
    left join released_pools
        on cells.report_month = released_pools.report_month and cells.cell = released_pools.cell
    where
        cells.is_small
        and not cells.is_closed
        and not cells.is_hidden
        and cells.registered_min = cells.registered_max
        and released_pools.cell is null
),

{{ pools('small_cells', ['of_county_and_fa_region', 'of_county', 'of_af_region', 'of_nation']) }},

final as (
    select
        report_month,
        cell,
        number,
        pool
    from released_pools
    union all
    select
        report_month,
        cell,
        number,
        pool
    from pooled
    where pool is not null
)

select * from final
