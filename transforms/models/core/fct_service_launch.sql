with launches as (
    select
        rollout.*,
        documents.as_of,
        documents.published as known_from
    from {{ ref('stg_service_centre_rollout') }} as rollout
    inner join {{ ref('stg_documents') }} as documents on rollout.document_id = documents.document_id
),

-- A schedule is whole from its first month on, unless a row of it was refused: that may be any centre's.
schedules as (
    select
        document_id,
        known_from,
        as_of,
        min(launch_month) as first_month
    from launches
    where
        document_id not in (
            select refused.document_id
            from {{ ref('stg_quarantine') }} as refused
            where refused.table_name = 'service_centre_rollout'
        )
    group by document_id, known_from, as_of
),

followed as (
    select
        *,
        {{ known_to('service_centre_id') }} as planned_again_on
    from launches
),

-- What a later schedule leaves out, before another one plans it again, is withdrawn.
withdrawals as (
    select
        followed.service_centre_id,
        followed.document_id,
        min(schedules.known_from) as withdrawn_on
    from followed
    inner join schedules
        on
            followed.known_from < schedules.known_from
            and (followed.planned_again_on is null or followed.planned_again_on > schedules.known_from)
            and followed.launch_month >= schedules.first_month
    group by followed.service_centre_id, followed.document_id
),

versions as (
    select
        followed.*,
        withdrawals.withdrawn_on
    from followed
    left join withdrawals
        on
            followed.service_centre_id = withdrawals.service_centre_id
            and followed.document_id = withdrawals.document_id
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
        withdrawn_on,
        known_from,
        coalesce(withdrawn_on, planned_again_on) as known_to,
        document_id,
        source_row_id
    from versions
)

select * from final
