-- A delivery is named by its number: the rest of its id is digits of the checksum of its bytes, by which somebody could
-- try what stands in the file.
with source as (
    select * from {{ source('raw', 'feed_quarantine') }}
),

final as (
    select
        table_name,
        rule,
        reason,
        "rows",
        sample,
        received_on,
        {{ before_hyphen('delivery_id') }} as delivery_id
    from source
)

select * from final
