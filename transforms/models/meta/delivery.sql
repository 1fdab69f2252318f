-- Each row of contacts is a contact: how many a file has is a total that nothing else tells, and its size comes near
-- it. By the checksum of a feed's file somebody could try which withheld numbers stand in it.
with deliveries as (
    select
        *,
        kind = 'contacts' as is_count_of_contacts,
        kind = 'documents' as is_document
    from {{ ref('stg_deliveries') }}
),

final as (
    select
        delivery_id,
        delivery_number,
        name,
        case when is_document then sha256 end as sha256,
        case when is_document then size_bytes end as size_bytes,
        kind,
        {{ label_of('delivery_kind', 'kind') }} as kind_sv,
        layout,
        document_id,
        received_at,
        status,
        {{ label_of('delivery_status', 'status') }} as status_sv,
        case when not is_count_of_contacts or status != 'accepted' then {{ without_checksums('message') }} end
            as message,
        case when not is_count_of_contacts then rows_received end as rows_received,
        case when not is_count_of_contacts then rows_valid end as rows_valid,
        case when not is_count_of_contacts then rows_quarantined end as rows_quarantined
    from deliveries
)

select * from final
