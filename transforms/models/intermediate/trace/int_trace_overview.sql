with drop_in_rows as (
    select
        'municipalities_with_drop_in' as metric,
        as_of,
        municipality_code,
        subject,
        subject_name,
        row_value,
        source_row_id
    from {{ ref('int_trace_municipality_presence') }}
    where metric = 'drop_in' and row_value in (1, 2)
),

visit_rows as (
    select
        'visits_per_100' as metric,
        as_of.as_of,
        cast(null as varchar) as municipality_code,
        rates.visitor_group as subject,
        rates.visitor_group_sv as subject_name,
        rates.visits_per_100 as row_value,
        rates.source_row_id
    from {{ ref('int_as_of') }} as as_of
    inner join {{ ref('fct_visit_rate') }} as rates on date_trunc('month', as_of.as_of) = rates.report_month
    where rates.visitor_group = 'all'
),

all_rows as (
    select * from drop_in_rows
    union all
    select * from visit_rows
),

final as (
    select
        metric,
        as_of,
        cast(null as varchar) as dimension,
        municipality_code,
        subject,
        subject_name,
        row_value,
        source_row_id
    from all_rows
)

select * from final
