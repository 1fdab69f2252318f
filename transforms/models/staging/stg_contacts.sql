with source as (
    select * from {{ source('raw', 'contacts') }}
),

final as (
    select
        report_month,
        contact_id,
        occurred_at,
        municipality_code,
        office,
        visitor_group,
        channel,
        delivery_number,
        row_number
    from source
)

select * from final
