-- A delivery is named by its number: the rest of its id is digits of the checksum of its bytes, by which somebody could
-- try what stands in the file.
with source as (
    select * from {{ source('raw', 'deliveries') }}
),

final as (
    select
        delivery_number,
        name,
        sha256,
        size_bytes,
        kind,
        layout,
        document_id,
        received_at,
        status,
        message,
        rows_received,
        rows_valid,
        rows_quarantined,
        {{ before_hyphen('delivery_id') }} as delivery_id
    from source
)

select * from final
