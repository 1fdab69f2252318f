with calendar as (
    {{ days(var('first_day'), var('last_day')) }}
),

month_ends as (
    select
        date_day as as_of,
        true as is_month_end,
        false as is_document_date
    from calendar
    where date_day = last_day(date_day)
),

document_dates as (
    select
        as_of,
        false as is_month_end,
        true as is_document_date
    from {{ ref('stg_documents') }}
    where as_of is not null
),

both_kinds as (
    select * from month_ends
    union all
    select * from document_dates
),

final as (
    select
        as_of,
        bool_or(is_month_end) as is_month_end,
        bool_or(is_document_date) as is_document_date
    from both_kinds
    group by as_of
)

select * from final
