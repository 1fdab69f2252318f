-- A month's pools are drawn once, at its first release. A cell that becomes small later has none: its neighbours are
-- known by then, and a sum would tell its number.
with new_months as (
    select distinct cells.report_month
    from {{ ref('int_contact_cell') }} as cells
    left join {{ ref('stg_released_contact_months') }} as released on cells.report_month = released.report_month
    where released.report_month is null
),

released_pools as (
    select * from {{ ref('stg_released_pools') }}
    where subject = 'contacts'
),

small_cells as (
    select
        cells.cell,
        cells.report_month,
        cells.contacts as number,
        1 as low,
        {{ small_count_max('contacts') }} as high,
        cells.report_month || ' ' || cells.channel as of_nation,
        cells.report_month || ' ' || cells.channel || ' ' || municipalities.af_region as of_af_region,
        cells.report_month || ' ' || cells.channel || ' ' || municipalities.county_code as of_county,
        cells.report_month || ' ' || cells.channel || ' ' || municipalities.county_code || ' '
        || municipalities.fa_region_code as of_county_and_fa_region,
        cells.report_month || ' ' || cells.channel || ' ' || cells.municipality_code as of_municipality,
        case
            when cells.channel in ({{ visit_channels() }}) then cells.report_month || ' ' || cells.municipality_code
        end as of_municipality_and_visits
    from {{ ref('int_contact_cell') }} as cells
    inner join new_months on cells.report_month = new_months.report_month
    inner join {{ ref('int_municipality') }} as municipalities
        on cells.municipality_code = municipalities.municipality_code
    left join released_pools
        on cells.report_month = released_pools.report_month and cells.cell = released_pools.cell
    where cells.is_small and released_pools.cell is null
),

{{ pools('small_cells', [
    'of_municipality', 'of_municipality_and_visits', 'of_county_and_fa_region', 'of_county', 'of_af_region', 'of_nation',
]) }},

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
