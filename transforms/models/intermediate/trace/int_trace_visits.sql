with rates as (
    select
        *,
        visitor_group || ' / all' as dimension
    from {{ ref('fct_visit_rate') }}
),

final as (
    select
        'stated_visits_per_100' as metric,
        report_month as as_of,
        dimension,
        cast(null as varchar) as municipality_code,
        visitor_group as subject,
        visitor_group_sv as subject_name,
        visits_per_100 as row_value,
        source_row_id
    from rates
)

select * from final
