with source as (
    select * from {{ source('raw', 'deliveries') }}
),

final as (
    select
        delivery_id,
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
        rows_quarantined
    from source
)

select * from final
