-- Read by several models, and remembered by the release: made once.
{{ config(materialized='table') }}

-- What a file says of one place: a municipality (Heby stands under two counties), or jobseekers of a county, or of the
-- country, whose municipality is not known.
with numbers as (
    select
        layout || ' ' || coalesce(municipality_code, 'rest ' || coalesce(county_code, 'SE')) || ' ' || visitor_group
            as cell,
        layout,
        report_month,
        visitor_group,
        {{ group_division('visitor_group') }} as division,
        area,
        coalesce(municipality_code, 'rest ' || coalesce(county_code, 'SE')) as place,
        municipality_code,
        coalesce(substr(municipality_code, 1, 2), county_code) as county_code,
        sum(registered_min) as registered_min,
        sum(registered_max) as registered_max,
        max(delivery_id) as delivery_id
    from {{ ref('int_registration') }}
    where area in ('municipality', 'rest')
    group by all
),

-- Small in one file is small in all: they count the same jobseekers.
small as (
    select
        *,
        registered_min < registered_max as is_withheld_by_source,
        bool_or(registered_min = registered_max and ({{ is_small('registered_min', 'registered') }})) over (
            partition by report_month, place, visitor_group
        ) as is_small
    from numbers
),

-- Files may differ a little in how many all are.
everybody as (
    select
        report_month,
        place,
        max(registered_max) as most,
        min(case when registered_min = registered_max and not is_small then registered_min end) as least_known,
        max(case when registered_min = registered_max and not is_small then registered_min end) as most_known
    from small
    where visitor_group = 'all'
    group by report_month, place
),

-- Those outside of a group are a group as well: whoever subtracts finds it.
remainders as (
    select
        small.*,
        everybody.most as everybody_max,
        small.visitor_group != 'all'
        and small.registered_min = small.registered_max
        and (
            coalesce({{ is_small('everybody.least_known - small.registered_min', 'registered') }}, false)
            or coalesce({{ is_small('everybody.most_known - small.registered_min', 'registered') }}, false)
        ) as is_remainder_small,
        count(distinct small.visitor_group) over (
            partition by small.report_month, small.place, small.division
        ) > 1 as is_divided
    from small
    left join everybody on small.report_month = everybody.report_month and small.place = everybody.place
),

released as (
    select * from {{ ref('stg_released_registrations') }}
),

released_divisions as (
    select
        report_month,
        place,
        division,
        bool_or(is_closed) as was_closed,
        bool_or(is_open) as was_open
    from released
    group by report_month, place, division
),

-- A division of a place of which one part must not be known is closed as a whole, since its parts add up; and it stays
-- closed. So does a group of which all but a few of the place are members.
closed as (
    select
        remainders.*,
        coalesce(released_divisions.was_open, false) as was_open,
        coalesce(released_divisions.was_closed, false) as was_closed,
        coalesce(released_divisions.was_closed, false)
        or (
            remainders.everybody_max is not null
            and bool_or(
                remainders.is_remainder_small
                or (remainders.is_divided and (remainders.is_small or remainders.is_withheld_by_source))
            ) over (partition by remainders.report_month, remainders.place, remainders.division)
        ) as is_closed
    from remainders
    left join released_divisions
        on
            remainders.report_month = released_divisions.report_month
            and remainders.place = released_divisions.place
            and remainders.division = released_divisions.division
),

-- How the parts of a division have changed since they were released.
changes as (
    select
        closed.report_month,
        closed.place,
        closed.layout,
        closed.division,
        bool_or(closed.was_closed) as was_closed,
        bool_or(closed.is_divided) as is_divided,
        count(*) filter (where closed.registered_max != released.registered_max) as changed_groups,
        bool_or(
            closed.registered_max != released.registered_max and (closed.is_small or released.is_small)
        ) as is_small_one_changed
    from closed
    inner join released on closed.report_month = released.report_month and closed.cell = released.cell
    group by all
),

-- What was released of a place stands, as long as a correction would tell a small number to somebody who knows which
-- numbers it changed: by closing what has been open; by changing, of a closed division, a small part alone (the change
-- of all is then its own); or by leaving few of all, so that its parts are fewer.
held as (
    select
        report_month,
        place
    from closed
    where was_open and is_closed
    union
    select
        report_month,
        place
    from changes
    where was_closed and changed_groups = 1 and is_small_one_changed
    union
    select
        changes.report_month,
        changes.place
    from changes
    inner join changes as everybody
        on
            changes.report_month = everybody.report_month
            and changes.place = everybody.place
            and changes.layout = everybody.layout
            and everybody.division = 'all'
    where
        changes.was_closed
        and (
            (not changes.is_divided and changes.changed_groups = 0 and everybody.changed_groups = 1)
            or everybody.is_small_one_changed
        )
),

held_places as (
    select distinct
        report_month,
        place
    from held
),

disclosed as (
    select
        closed.cell,
        closed.layout,
        closed.report_month,
        closed.visitor_group,
        closed.division,
        closed.area,
        closed.place,
        closed.county_code,
        closed.municipality_code,
        closed.registered_min,
        closed.registered_max,
        case
            when closed.is_withheld_by_source then closed.registered_min
            when closed.is_closed then 0
            when closed.is_small then 1
            else closed.registered_min
        end as low,
        case
            when closed.is_withheld_by_source then closed.registered_max
            when closed.is_closed then greatest(closed.everybody_max, {{ small_count_max('registered') }})
            when closed.is_small then {{ small_count_max('registered') }}
            else closed.registered_max
        end as high,
        not closed.is_closed and not closed.is_withheld_by_source and not closed.is_small as is_open,
        closed.is_closed,
        closed.is_small,
        closed.delivery_id
    from closed
    left join held_places on closed.report_month = held_places.report_month and closed.place = held_places.place
    where held_places.place is null
),

cells as (
    select
        *,
        false as is_held
    from disclosed
    union all
    select
        released.cell,
        released.layout,
        released.report_month,
        released.visitor_group,
        released.division,
        released.area,
        released.place,
        released.county_code,
        released.municipality_code,
        released.registered_min,
        released.registered_max,
        released.low,
        released.high,
        released.is_open,
        released.is_closed,
        released.is_small,
        released.delivery_id,
        true as is_held
    from released
    inner join held_places on released.report_month = held_places.report_month and released.place = held_places.place
),

final as (
    select
        cell,
        layout,
        report_month,
        visitor_group,
        division,
        area,
        place,
        county_code,
        municipality_code,
        cast(registered_min as bigint) as registered_min,
        cast(registered_max as bigint) as registered_max,
        cast(low as bigint) as low,
        cast(high as bigint) as high,
        is_open,
        is_closed,
        is_small,
        is_held,
        delivery_id
    from cells
)

select * from final
