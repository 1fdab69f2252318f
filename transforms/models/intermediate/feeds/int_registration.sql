-- Read by several models, and large once whole histories have arrived: made once.
{{ config(materialized='table') }}

-- What a delivery says of one place is the sum of its rows: Heby stands under two counties, and a pivot has a row for
-- each combination of its items. Sums over bounds are bounds.
with deliveries as (
    select
        delivery_id,
        delivery_number,
        layout,
        report_month,
        visitor_group,
        area,
        municipality_code,
        cast(sum(registered_min) as bigint) as registered_min,
        cast(sum(registered_max) as bigint) as registered_max,
        coalesce(county_code, substr(municipality_code, 1, 2)) as county_code,
        bool_or(is_suppressed) as is_suppressed
    from {{ ref('stg_registrations') }}
    group by all
),

latest as (
    select
        *,
        max(delivery_number) over (
            partition by layout, report_month, visitor_group, area, coalesce(municipality_code, county_code)
        ) as latest_of_place,
        max(delivery_number) over (partition by layout, report_month, visitor_group) as latest_of_month
    from deliveries
),

-- A rest that a later file of the whole month no longer has is gone: its jobseekers found their municipality.
final as (
    select
        latest.layout,
        layouts.layout_rank,
        layouts.is_whole_month,
        latest.report_month,
        latest.visitor_group,
        latest.area,
        latest.county_code,
        latest.municipality_code,
        latest.delivery_id,
        latest.delivery_number,
        latest.registered_min,
        latest.registered_max,
        latest.is_suppressed
    from latest
    inner join {{ ref('registration_layouts') }} as layouts on latest.layout = layouts.layout
    where
        latest.delivery_number
        = case
            when latest.area = 'rest' and layouts.is_whole_month then latest.latest_of_month
            else latest.latest_of_place
        end
)

select * from final
