with rates as (
    select
        visitor_group,
        visitor_group_sv,
        visits_per_100,
        source_row_id,
        row_number() over (partition by visitor_group order by report_month) as first_rank,
        row_number() over (partition by visitor_group order by report_month desc) as last_rank
    from {{ ref('fct_visit_rate') }}
),

value_rows as (
    select
        'from_rate' as metric,
        visitor_group,
        visitor_group_sv,
        visits_per_100 as row_value,
        source_row_id
    from rates
    where first_rank = 1
    union all
    select
        'to_rate' as metric,
        visitor_group,
        visitor_group_sv,
        visits_per_100 as row_value,
        source_row_id
    from rates
    where last_rank = 1
    union all
    select
        'printed_change_pct' as metric,
        printed.visitor_group,
        {{ label_of('visitor_group', 'printed.visitor_group') }} as visitor_group_sv,
        printed.printed_change_pct as row_value,
        printed.source_row_id
    from {{ ref('stg_visit_rates') }} as printed
    where printed.printed_change_pct is not null
),

final as (
    select
        metric,
        cast(null as date) as as_of,
        visitor_group as dimension,
        cast(null as varchar) as municipality_code,
        visitor_group as subject,
        visitor_group_sv as subject_name,
        row_value,
        source_row_id
    from value_rows
)

select * from final
