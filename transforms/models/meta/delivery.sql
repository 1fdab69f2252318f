with deliveries as (
    select * from {{ ref('stg_deliveries') }}
),

final as (
    select
        delivery_id,
        delivery_number,
        name,
        sha256,
        size_bytes,
        kind,
        {{ label_of('delivery_kind', 'kind') }} as kind_sv,
        layout,
        document_id,
        received_at,
        status,
        {{ label_of('delivery_status', 'status') }} as status_sv,
        message,
        rows_received,
        rows_valid,
        rows_quarantined
    from deliveries
)

select * from final
