with gaps as (
    select
        gaps.as_of,
        gaps.municipality_code,
        gaps.office_id,
        dim_office.office,
        gaps.closed_on,
        gaps.is_open,
        dim_office.source_row_id
    from {{ ref('int_presence_gap') }} as gaps
    inner join {{ ref('dim_office') }} as dim_office on gaps.office_id = dim_office.office_id
    where gaps.place_kind = 'office' and gaps.is_promised
),

states as (
    select
        gaps.as_of,
        gaps.municipality_code,
        gaps.office_id,
        gaps.office,
        gaps.closed_on,
        gaps.is_open,
        known_states.as_of as seen_on,
        known_states.in_use,
        known_states.source_row_id
    from gaps
    inner join {{ as_known(ref('fct_collaboration_state')) }} as known_states
        on gaps.office_id = known_states.office_id
),

-- The row of the closing begins the gap. A row that finds the collaboration not in use makes it at least as long as
-- from the closing to its day.
at_least as (
    select
        'gap_days_min' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        0 as row_value,
        source_row_id
    from gaps
    union all
    select
        'gap_days_min' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        coalesce(greatest({{ days_between('closed_on', 'least(seen_on, as_of)') }}, 0), 0) as row_value,
        source_row_id
    from states
    where not in_use
),

-- At most it has lasted since the closing. A row that finds the collaboration in use by the day ends it there.
at_most as (
    select
        'gap_days_max' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        coalesce(greatest({{ days_between('closed_on', 'as_of') }}, 0), 0) as row_value,
        source_row_id
    from gaps
    where not coalesce(is_open, false)
    union all
    select
        'gap_days_max' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        coalesce(greatest({{ days_between('closed_on', 'seen_on') }}, 0), 0) as row_value,
        source_row_id
    from states
    where in_use and seen_on <= as_of
),

all_rows as (
    select * from at_least
    union all
    select * from at_most
),

-- One and the same row can give the closing and the state.
final as (
    select
        metric,
        as_of,
        office_id as dimension,
        municipality_code,
        office_id as subject,
        office as subject_name,
        cast(case metric when 'gap_days_min' then max(row_value) else min(row_value) end as double) as row_value,
        source_row_id
    from all_rows
    group by metric, as_of, municipality_code, office_id, office, source_row_id
)

select * from final
