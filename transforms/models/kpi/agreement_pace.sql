-- The nation's state at each known date: as counted from rows, else as stated.
with states as (
    select
        as_of,
        basis,
        planned,
        in_use,
        remaining,
        row_number() over (partition by as_of order by basis) as basis_rank
    from {{ ref('agreement_completion') }}
    where scope = 'national'
),

known_dates as (
    select
        as_of,
        basis,
        planned,
        in_use,
        remaining,
        lag(as_of) over (order by as_of) as previous_as_of,
        lag(in_use) over (order by as_of) as previous_in_use
    from states
    where basis_rank = 1
),

-- When all planned collaborations are to be in use: a quarter that is named, else the day that the plan is about.
targets as (
    select
        document_as_of,
        document_id,
        source_row_id,
        {{ last_day_of_quarter('document_as_of', 'value') }} as target_on
    from {{ ref('int_stated_figure') }}
    where measure = 'target_quarter_of_collaborations'
    union all
    select
        document_as_of,
        document_id,
        source_row_id,
        as_of as target_on
    from {{ ref('int_stated_figure') }}
    where measure = 'collaborations_planned' and as_of > document_as_of
),

-- A date knows the target of the last document about the date or a day before it.
dates_with_target as (
    select
        known_dates.*,
        targets.target_on,
        targets.document_id as target_document_id,
        targets.source_row_id as target_source_row_id,
        row_number() over (
            partition by known_dates.as_of order by targets.document_as_of desc, targets.target_on desc
        ) as target_rank
    from known_dates
    left join targets on known_dates.as_of >= targets.document_as_of
),

days as (
    select
        *,
        {{ days_between('previous_as_of', 'as_of') }} as days_since_previous,
        case when target_on > as_of then {{ days_between('as_of', 'target_on') }} end as days_to_target
    from dates_with_target
    where target_rank = 1
),

paces as (
    select
        *,
        30.0 * (in_use - previous_in_use) / days_since_previous as pace_per_30_days,
        30.0 * remaining / days_to_target as needed_pace_per_30_days
    from days
),

final as (
    select
        as_of,
        basis,
        {{ label_of('basis', 'basis') }} as basis_sv,
        planned,
        in_use,
        remaining,
        previous_as_of,
        previous_in_use,
        days_since_previous,
        cast(pace_per_30_days as double) as pace_per_30_days,
        target_on,
        target_document_id,
        target_source_row_id,
        days_to_target,
        cast(needed_pace_per_30_days as double) as needed_pace_per_30_days,
        pace_per_30_days >= needed_pace_per_30_days as is_pace_sufficient
    from paces
)

select * from final
