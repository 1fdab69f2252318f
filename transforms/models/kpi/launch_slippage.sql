with slippages as (
    select
        *,
        {{ months_between('earlier_launch_month', 'launch_month') }} as slippage_months
    from {{ ref('int_launch_restatement') }}
),

outcomes as (
    select
        *,
        case
            when slippage_months > 0 then 'later'
            when slippage_months < 0 and not earlier_is_latest_month then 'earlier'
            else 'as_planned'
        end as outcome
    from slippages
),

final as (
    select
        outcomes.service_centre_id,
        service_centres.locality,
        service_centres.municipality_code,
        outcomes.document_id,
        outcomes.launch_month,
        outcomes.earlier_document_id,
        outcomes.earlier_launch_month,
        outcomes.earlier_is_latest_month,
        outcomes.slippage_months,
        outcomes.outcome,
        {{ label_of('outcome', 'outcomes.outcome') }} as outcome_sv,
        outcomes.source_row_id,
        outcomes.earlier_source_row_id
    from outcomes
    inner join {{ ref('dim_service_centre') }} as service_centres
        on outcomes.service_centre_id = service_centres.service_centre_id
)

select * from final
