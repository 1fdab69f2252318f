with launches as (
    select
        rollout.*,
        documents.as_of,
        documents.published as known_from
    from {{ ref('stg_service_centre_rollout') }} as rollout
    inner join {{ ref('stg_documents') }} as documents on rollout.document_id = documents.document_id
),

final as (
    select
        service_centre_id,
        launch_month,
        is_latest_month,
        commitment,
        {{ label_of('commitment', 'commitment') }} as commitment_sv,
        office_status,
        {{ label_of('office_status', 'office_status') }} as office_status_sv,
        office_status_printed,
        other_place,
        printed_closes_on,
        office_status in ('closed', 'kept_booked_only') as restores_drop_in,
        known_from,
        {{ known_to('service_centre_id') }} as known_to,
        document_id,
        source_row_id
    from launches
)

select * from final
