with statements as (
    select * from {{ ref('int_rollout_statement') }}
),

all_rows as (
    select
        'stated' as metric,
        target_on,
        measure,
        document_id,
        measure as subject,
        {{ label_of('measure', 'measure') }} as subject_name,
        cast(stated as double) as row_value,
        source_row_id
    from statements
    union all
    select
        'previous_stated' as metric,
        target_on,
        measure,
        document_id,
        measure as subject,
        {{ label_of('measure', 'measure') }} as subject_name,
        cast(previous_stated as double) as row_value,
        previous_source_row_id as source_row_id
    from statements
    where previous_stated is not null
    union all
    select
        'statements' as metric,
        statements.target_on,
        statements.measure,
        statements.document_id,
        figures.source_row_id as subject,
        {{ label_of('measure', 'statements.measure') }} as subject_name,
        cast(null as double) as row_value,
        figures.source_row_id
    from statements
    inner join {{ ref('stg_stated_figures') }} as figures
        on
            statements.measure = figures.measure
            and statements.target_on = figures.as_of
            and statements.document_id = figures.document_id
    union all
    select
        'launches_by_rows' as metric,
        statements.target_on,
        statements.measure,
        statements.document_id,
        launches.service_centre_id as subject,
        centres.locality as subject_name,
        cast(null as double) as row_value,
        launches.source_row_id
    from statements
    inner join {{ ref('int_service_centre_launch') }} as launches
        on
            statements.target_on >= launches.launch_month
            and (launches.withdrawn_on is null or launches.launch_month < launches.withdrawn_on)
            and (statements.measure != 'existing_service_centres' or not launches.is_new)
    inner join {{ ref('dim_service_centre') }} as centres on launches.service_centre_id = centres.service_centre_id
),

with_dimension as (
    select
        *,
        measure || ' / ' || document_id as dimension
    from all_rows
),

final as (
    select
        metric,
        target_on as as_of,
        dimension,
        cast(null as varchar) as municipality_code,
        subject,
        subject_name,
        row_value,
        source_row_id
    from with_dimension
)

select * from final
