-- Which stated figure is which quantity of which part of the registered jobseekers.
with quantities (measure, segment, quantity) as (
    values
    ('target_group_registered', 'target_group', 'registered'),
    ('visits_target_group_2019', 'target_group', 'visits_from'),
    ('visits_target_group_2020', 'target_group', 'visits_to'),
    ('visits_target_group_change', 'target_group', 'change_pct'),
    ('visits_needed_per_month', 'target_group', 'needed'),
    ('others_registered', 'others', 'registered'),
    ('visits_others_2019', 'others', 'visits_from'),
    ('visits_others_2020', 'others', 'visits_to'),
    ('visits_others_change', 'others', 'change_pct')
),

-- The later document wins.
figures as (
    select
        quantities.segment,
        quantities.quantity,
        figures.value,
        figures.lower,
        figures.upper,
        cast(date_trunc('month', figures.as_of) as date) as report_month,
        row_number() over (
            partition by quantities.measure
            order by figures.published desc, figures.as_of desc, figures.document_id desc
        ) as age_rank
    from quantities
    inner join {{ ref('int_stated_figure') }} as figures on quantities.measure = figures.measure
),

stated as (
    select
        segment,
        'stated' as basis,
        max(case when quantity = 'visits_from' then report_month end) as from_month,
        max(case when quantity = 'visits_to' then report_month end) as to_month,
        max(case when quantity = 'registered' then value end) as registered,
        max(case when quantity = 'visits_from' then value end) as visits_from,
        max(case when quantity = 'visits_to' then value end) as visits_to,
        max(case when quantity = 'change_pct' then value end) as stated_change_pct,
        max(case when quantity = 'needed' then lower end) as visits_needed_min,
        max(case when quantity = 'needed' then upper end) as visits_needed_max
    from figures
    where age_rank = 1
    group by segment
),

-- Each jobseeker is in the target group or outside it.
together as (
    select
        'all' as segment,
        'derived' as basis,
        target_group.from_month,
        target_group.to_month,
        target_group.registered + the_others.registered as registered,
        target_group.visits_from + the_others.visits_from as visits_from,
        target_group.visits_to + the_others.visits_to as visits_to,
        cast(null as double) as stated_change_pct,
        cast(null as double) as visits_needed_min,
        cast(null as double) as visits_needed_max
    from stated as target_group
    inner join stated as the_others
        on
            target_group.from_month = the_others.from_month
            and target_group.to_month = the_others.to_month
    where target_group.segment = 'target_group' and the_others.segment = 'others'
),

segments as (
    select * from stated
    union all
    select * from together
),

-- The documents' jobseekers are the monthly mean of the last month's year. The feeds give the same for all of them, if
-- they give the whole year.
fed_years as (
    select
        'all' as segment,
        extract(year from report_month) as report_year,
        avg(registered) as registered
    from {{ ref('int_registration_total') }}
    where scope = 'national' and visitor_group = 'all'
    group by extract(year from report_month)
    having count(registered) = 12
),

with_feeds as (
    select
        segments.*,
        fed_years.registered as fed_registered
    from segments
    left join fed_years
        on
            segments.segment = fed_years.segment
            and extract(year from segments.to_month) = fed_years.report_year
),

final as (
    select
        segment,
        {{ label_of('segment', 'segment') }} as segment_sv,
        basis,
        {{ label_of('basis', 'basis') }} as basis_sv,
        from_month,
        to_month,
        cast(registered as bigint) as registered,
        cast(round(fed_registered) as bigint) as fed_registered,
        cast(visits_from as bigint) as visits_from,
        cast(visits_to as bigint) as visits_to,
        100.0 * (visits_to - visits_from) / nullif(visits_from, 0) as change_pct,
        stated_change_pct,
        100.0 * visits_from / nullif(coalesce(round(fed_registered), registered), 0) as implied_rate_from,
        100.0 * visits_to / nullif(coalesce(round(fed_registered), registered), 0) as implied_rate_to,
        cast(visits_needed_min as bigint) as visits_needed_min,
        cast(visits_needed_max as bigint) as visits_needed_max
    from with_feeds
)

select * from final
