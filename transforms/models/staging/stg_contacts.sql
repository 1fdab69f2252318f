with source as (
    select * from {{ source('raw', 'contacts') }}
),

final as (
    select
        report_month,
        municipality_code,
        visitor_group,
        channel,
        delivery_number,
        rows_received,
        rows_replaced
    from source
)

select * from final
