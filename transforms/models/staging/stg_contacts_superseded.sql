with source as (
    select * from {{ source('raw', 'contacts_superseded') }}
),

final as (
    select
        report_month,
        contact_id,
        delivery_number
    from source
)

select * from final
