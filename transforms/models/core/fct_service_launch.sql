with final as (
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
        document_id,
        source_row_id
    from {{ ref('stg_service_centre_rollout') }}
)

select * from final
