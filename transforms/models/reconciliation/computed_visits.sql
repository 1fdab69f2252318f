with changes as (
    select
        visitor_group,
        change_pct
    from {{ ref('visit_change') }}
),

change_measures as (
    select
        case when visitor_group = 'all' then 'visit_rate_change' else 'visit_rate_change_' || visitor_group end
            as measure,
        change_pct as computed
    from changes
),

rate_measures as (
    select
        'visits_' || visitor_group || '_' || extract(year from report_month) as measure,
        visits_per_100 as computed
    from {{ ref('fct_visit_rate') }}
),

final as (
    select * from change_measures
    union all
    select * from rate_measures
)

select * from final
