with restatements as (
    select
        restatements.service_centre_id,
        centres.locality,
        restatements.document_id,
        restatements.launch_month,
        restatements.source_row_id,
        restatements.earlier_launch_month,
        restatements.earlier_source_row_id
    from {{ ref('int_launch_restatement') }} as restatements
    inner join {{ ref('dim_service_centre') }} as centres on restatements.service_centre_id = centres.service_centre_id
),

-- The difference of two months is the sum of the later one and of the earlier one with a minus.
months as (
    select
        service_centre_id,
        locality,
        source_row_id,
        service_centre_id || ' / ' || document_id as dimension,
        12 * extract(year from launch_month) + extract(month from launch_month) as row_value
    from restatements
    union all
    select
        service_centre_id,
        locality,
        earlier_source_row_id as source_row_id,
        service_centre_id || ' / ' || document_id as dimension,
        -12 * extract(year from earlier_launch_month) - extract(month from earlier_launch_month) as row_value
    from restatements
),

final as (
    select
        'slippage_months' as metric,
        cast(null as date) as as_of,
        dimension,
        cast(null as varchar) as municipality_code,
        service_centre_id as subject,
        locality as subject_name,
        cast(row_value as double) as row_value,
        source_row_id
    from months
)

select * from final
