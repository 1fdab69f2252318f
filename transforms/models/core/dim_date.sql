-- noqa: disable=RF04
-- The column names are those of the published contract.
with calendar as (
    {{ days(var('first_day'), var('last_day')) }}
),

final as (
    select
        date_day as date,
        cast(date_trunc('month', date_day) as date) as month_start,
        extract(month from date_day) as month,
        extract(quarter from date_day) as quarter,
        extract(year from date_day) as year,
        date_day = last_day(date_day) as is_month_end
    from calendar
)

select * from final
