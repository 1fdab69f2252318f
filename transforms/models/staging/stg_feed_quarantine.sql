with source as (
    select * from {{ source('raw', 'feed_quarantine') }}
),

final as (
    select
        delivery_id,
        table_name,
        rule,
        reason,
        "rows",
        sample,
        received_on
    from source
)

select * from final
