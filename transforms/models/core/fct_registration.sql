with municipalities as (
    select
        report_month,
        visitor_group,
        municipality_code,
        layout,
        layout_rank,
        delivery_id,
        sum(registered_min) as registered_min,
        sum(registered_max) as registered_max,
        bool_or(is_suppressed) as is_suppressed
    from {{ ref('int_registration') }}
    where area = 'municipality'
    group by all
),

ranked as (
    select
        *,
        row_number() over (
            partition by report_month, visitor_group, municipality_code
            order by layout_rank
        ) as rank_of_layout
    from municipalities
),

final as (
    select
        ranked.municipality_code,
        ranked.visitor_group,
        {{ visitor_group_sv('ranked.visitor_group') }} as visitor_group_sv,
        ranked.report_month,
        cast(case when ranked.registered_min = ranked.registered_max then ranked.registered_min end as bigint)
            as registered,
        cast(ranked.registered_min as bigint) as registered_min,
        cast(ranked.registered_max as bigint) as registered_max,
        ranked.is_suppressed,
        breaks.age_range,
        breaks.labour_force,
        {{ label_of('labour_force', 'breaks.labour_force') }} as labour_force_sv,
        ranked.layout,
        ranked.delivery_id
    from ranked
    inner join {{ ref('int_registration_break') }} as breaks
        on
            ranked.report_month >= breaks.first_month
            and (breaks.next_first_month is null or ranked.report_month < breaks.next_first_month)
    where ranked.rank_of_layout = 1
)

select * from final
