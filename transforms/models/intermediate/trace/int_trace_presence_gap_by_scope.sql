with gaps as (
    select
        place_kind,
        as_of,
        municipality_code,
        office_id,
        is_closed,
        is_open,
        gap_days_min,
        gap_days_max
    from {{ ref('int_presence_gap') }}
    where is_promised
),

offices as (
    select
        municipality_code,
        office_id,
        office,
        source_row_id
    from {{ ref('dim_office') }}
),

metrics (metric, needs_closing, needs_gap) as (
    values
    ('planned', false, null),
    ('municipalities', false, null),
    ('closed_offices', true, null),
    ('open_gaps_min', true, 'known'),
    ('open_gaps_max', true, 'possible'),
    ('gap_days_mean_min', true, null),
    ('gap_days_median_min', true, null),
    ('gap_days_mean_max', true, null),
    ('gap_days_median_max', true, null)
),

office_rows as (
    select
        metrics.metric,
        gaps.as_of,
        gaps.municipality_code,
        offices.office_id,
        offices.office,
        case
            when metrics.metric in ('gap_days_mean_min', 'gap_days_median_min') then gaps.gap_days_min
            -- While the gap is open, its days so far are known.
            when metrics.metric in ('gap_days_mean_max', 'gap_days_median_max')
                then coalesce(gaps.gap_days_max, gaps.gap_days_min)
        end as row_value,
        offices.source_row_id
    from gaps
    inner join offices on gaps.office_id = offices.office_id
    inner join metrics
        on
            (gaps.is_closed or not metrics.needs_closing)
            and (
                metrics.needs_gap is null
                or gaps.is_open
                or (metrics.needs_gap = 'possible' and gaps.is_open is null)
            )
    where gaps.place_kind = 'office'
),

-- A municipality is in a gap when its last office has closed: all its offices say so together.
municipality_rows as (
    select
        'municipalities_ever_in_gap_min' as metric,
        gaps.as_of,
        gaps.municipality_code,
        offices.office_id,
        offices.office,
        cast(null as bigint) as row_value,
        offices.source_row_id
    from gaps
    inner join offices on gaps.municipality_code = offices.municipality_code
    where gaps.place_kind = 'municipality' and (gaps.is_open or gaps.gap_days_min > 0)
    union all
    select
        'municipalities_ever_in_gap_max' as metric,
        gaps.as_of,
        gaps.municipality_code,
        offices.office_id,
        offices.office,
        cast(null as bigint) as row_value,
        offices.source_row_id
    from gaps
    inner join offices on gaps.municipality_code = offices.municipality_code
    where
        gaps.place_kind = 'municipality'
        and (coalesce(gaps.is_open, true) or coalesce(gaps.gap_days_max, gaps.gap_days_min) > 0)
),

all_rows as (
    select * from office_rows
    union all
    select * from municipality_rows
),

final as (
    select
        metric,
        as_of,
        cast(null as varchar) as dimension,
        municipality_code,
        office_id as subject,
        office as subject_name,
        cast(row_value as double) as row_value,
        source_row_id
    from all_rows
)

select * from final
