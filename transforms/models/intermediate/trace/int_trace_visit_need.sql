with quantities (measure, segment, metric) as (
    values
    ('target_group_registered', 'target_group', 'registered'),
    ('visits_target_group_2019', 'target_group', 'visits_from'),
    ('visits_target_group_2020', 'target_group', 'visits_to'),
    ('visits_target_group_change', 'target_group', 'stated_change_pct'),
    ('visits_needed_per_month', 'target_group', 'visits_needed_min'),
    ('visits_needed_per_month', 'target_group', 'visits_needed_max'),
    ('others_registered', 'others', 'registered'),
    ('visits_others_2019', 'others', 'visits_from'),
    ('visits_others_2020', 'others', 'visits_to'),
    ('visits_others_change', 'others', 'stated_change_pct')
),

-- The later document wins.
figures as (
    select
        quantities.segment,
        quantities.metric,
        figures.label,
        figures.source_row_id,
        case quantities.metric
            when 'visits_needed_min' then figures.lower
            when 'visits_needed_max' then figures.upper
            else figures.value
        end as row_value,
        row_number() over (
            partition by quantities.measure, quantities.metric
            order by figures.published desc, figures.as_of desc, figures.document_id desc
        ) as age_rank
    from quantities
    inner join {{ ref('int_stated_figure') }} as figures on quantities.measure = figures.measure
),

-- All jobseekers are both segments together.
segments as (
    select
        segment as dimension,
        metric,
        segment,
        label,
        row_value,
        source_row_id
    from figures
    where age_rank = 1
    union all
    select
        'all' as dimension,
        metric,
        segment,
        label,
        row_value,
        source_row_id
    from figures
    where age_rank = 1 and metric in ('registered', 'visits_from', 'visits_to')
),

all_rows as (
    select
        metric,
        cast(null as date) as as_of,
        dimension,
        segment as subject,
        label as subject_name,
        row_value,
        source_row_id
    from segments
    where row_value is not null
),

final as (
    select
        metric,
        as_of,
        dimension,
        cast(null as varchar) as municipality_code,
        subject,
        subject_name,
        row_value,
        source_row_id
    from all_rows
)

select * from final
