-- noqa: disable=RF04
-- The column names are those of the published contract.
with last_days as (
    select cast('{{ var("last_day") }}' as date) as last_date
    union all
    select last_day(report_month) as last_date
    from {{ ref('stg_registrations') }}
    union all
    select last_day(report_month) as last_date
    from {{ ref('stg_contact_months') }}
),

whole_series as (
    select max(last_date) as last_date
    from last_days
),

calendar as (
    select {{ days_until(var('first_day'), 'last_date') }} as date_day
    from whole_series
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
