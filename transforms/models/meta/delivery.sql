-- Each row of contacts is a contact: how many a file has is a total that nothing else tells.
with deliveries as (
    select
        *,
        kind = 'contacts' as is_count_of_contacts
    from {{ ref('stg_deliveries') }}
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
        case when not is_count_of_contacts or status != 'accepted' then message end as message,
        case when not is_count_of_contacts then rows_received end as rows_received,
        case when not is_count_of_contacts then rows_valid end as rows_valid,
        case when not is_count_of_contacts then rows_quarantined end as rows_quarantined
    from deliveries
)

select * from final
