with rates as (
    select
        visitor_group,
        report_month,
        visits_per_100,
        row_number() over (partition by visitor_group order by report_month) as first_rank,
        row_number() over (partition by visitor_group order by report_month desc) as last_rank
    from {{ ref('fct_visit_rate') }}
),

printed as (
    select
        visitor_group,
        printed_change_pct
    from {{ ref('stg_visit_rates') }}
),

changes as (
    select
        first_rates.visitor_group,
        first_rates.report_month as from_month,
        last_rates.report_month as to_month,
        first_rates.visits_per_100 as from_rate,
        last_rates.visits_per_100 as to_rate
    from rates as first_rates
    inner join rates as last_rates on first_rates.visitor_group = last_rates.visitor_group
    where first_rates.first_rank = 1 and last_rates.last_rank = 1
),

final as (
    select
        changes.visitor_group,
        {{ label_of('visitor_group', 'changes.visitor_group') }} as visitor_group_sv,
        changes.from_month,
        changes.to_month,
        changes.from_rate,
        changes.to_rate,
        100.0 * (changes.to_rate - changes.from_rate) / nullif(changes.from_rate, 0) as change_pct,
        printed.printed_change_pct
    from changes
    left join printed on changes.visitor_group = printed.visitor_group
)

select * from final
