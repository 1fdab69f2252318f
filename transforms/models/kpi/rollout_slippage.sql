with statements as (
    select * from {{ ref('int_rollout_statement') }}
),

rollout as (
    select
        launch_month,
        cumulative,
        cumulative_existing,
        lead(launch_month) over (order by launch_month) as next_launch_month
    from {{ ref('service_centre_rollout') }}
),

-- A month counts as launched from its first day. Before the first launch there is none.
with_rows as (
    select
        statements.*,
        coalesce(
            case
                when statements.measure = 'existing_service_centres' then rollout.cumulative_existing
                else rollout.cumulative
            end,
            0
        ) as launches_by_rows
    from statements
    left join rollout
        on
            statements.target_on >= rollout.launch_month
            and (rollout.next_launch_month is null or statements.target_on < rollout.next_launch_month)
),

final as (
    select
        measure,
        {{ label_of('measure', 'measure') }} as measure_sv,
        target_on,
        document_id,
        published,
        is_reached,
        stated,
        tolerance,
        {{ label_of('tolerance', 'tolerance') }} as tolerance_sv,
        previous_document_id,
        previous_stated,
        stated - previous_stated as change_between_documents,
        launches_by_rows,
        launches_by_rows - stated as difference,
        statements,
        source_row_id
    from with_rows
)

select * from final
