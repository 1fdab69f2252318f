-- Documents give rates of the whole country, without the visits and jobseekers behind them, over all kinds of visit.
with rates as (
    select
        report_month,
        'national' as scope,
        'SE' as scope_code,
        'Sverige' as scope_name,
        visitor_group,
        visitor_group_sv,
        'all' as channel,
        cast(null as bigint) as visits,
        cast(null as bigint) as registered,
        visits_per_100,
        'rows' as basis,
        false as is_suppressed,
        document_id,
        source_row_id
    from {{ ref('fct_visit_rate') }}
),

final as (
    select
        report_month,
        scope,
        {{ label_of('scope', 'scope') }} as scope_sv,
        scope_code,
        scope_name,
        visitor_group,
        visitor_group_sv,
        channel,
        {{ label_of('channel', 'channel') }} as channel_sv,
        visits,
        registered,
        visits_per_100,
        basis,
        {{ label_of('basis', 'basis') }} as basis_sv,
        is_suppressed,
        document_id,
        source_row_id
    from rates
)

select * from final
