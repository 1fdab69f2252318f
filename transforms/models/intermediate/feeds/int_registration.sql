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

compared as (
    select
        *,
        lag(registered_min) over same_place as min_before,
        lag(registered_max) over same_place as max_before
    from deliveries
    window same_place as (
        partition by layout, report_month, visitor_group, area, county_code, municipality_code
        order by delivery_number
    )
),

news as (
    select
        *,
        (registered_min is distinct from min_before) or (registered_max is distinct from max_before) as is_news
    from compared
),

-- A number comes from the delivery that said it first: one that repeats it changes nothing. Ids sort as numbers do.
latest as (
    select
        *,
        max(case when is_news then delivery_id end) over same_place as first_delivery_id,
        max(case when is_news then delivery_number end) over same_place as first_delivery_number,
        max(delivery_number) over (
            partition by layout, report_month, visitor_group, area, coalesce(municipality_code, county_code)
        ) as latest_of_place,
        max(delivery_number) over (partition by layout, report_month, visitor_group) as latest_of_month
    from news
    window same_place as (
        partition by layout, report_month, visitor_group, area, county_code, municipality_code
        order by delivery_number
    )
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
        latest.first_delivery_id as delivery_id,
        latest.first_delivery_number as delivery_number,
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
