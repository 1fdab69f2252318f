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
        -- Where the file does not say how many all are, the parts of the division say it.
        coalesce(
            everybody.most,
            sum(small.registered_max) over (
                partition by small.report_month, small.layout, small.place, small.division
            )
        ) as everybody_max,
        small.visitor_group != 'all'
        and small.registered_min = small.registered_max
        and (
            coalesce({{ is_small('everybody.least_known - small.registered_min', 'registered') }}, false)
            or coalesce({{ is_small('everybody.most_known - small.registered_min', 'registered') }}, false)
        ) as is_remainder_small,
        min(small.visitor_group) over same_division < max(small.visitor_group) over same_division as is_divided
    from small
    left join everybody on small.report_month = everybody.report_month and small.place = everybody.place
    window same_division as (partition by small.report_month, small.place, small.division)
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
        coalesce(released_divisions.was_closed, false)
        or bool_or(
            remainders.is_remainder_small
            or (remainders.is_divided and (remainders.is_small or remainders.is_withheld_by_source))
        ) over (partition by remainders.report_month, remainders.place, remainders.division) as is_closed
    from remainders
    left join released_divisions
        on
            remainders.report_month = released_divisions.report_month
            and remainders.place = released_divisions.place
            and remainders.division = released_divisions.division
),

files_of_places as (
    select distinct
        report_month,
        place,
        layout
    from closed
),

-- What was released, as far as its files are still in use, and whether they say the same now.
released_numbers as (
    select
        released.*,
        closed.cell is null
        or closed.registered_min != released.registered_min
        or closed.registered_max != released.registered_max as is_changed
    from released
    inner join files_of_places
        on
            released.report_month = files_of_places.report_month
            and released.place = files_of_places.place
            and released.layout = files_of_places.layout
    left join closed on released.report_month = closed.report_month and released.cell = closed.cell
),

-- What was released of a place stands, if a correction would close what has been open, since its small number would
-- follow from what was known; and if a correction comes after something was closed, since the change of all would tell
-- that of its parts.
held_places as (
    select
        report_month,
        place
    from closed
    where was_open and is_closed
    union
    select
        released_numbers.report_month,
        released_numbers.place
    from released_numbers
    inner join released_divisions
        on
            released_numbers.report_month = released_divisions.report_month
            and released_numbers.place = released_divisions.place
    where released_divisions.was_closed and released_numbers.is_changed
),

held_numbers as (
    select released_numbers.*
    from released_numbers
    inner join held_places
        on
            released_numbers.report_month = held_places.report_month
            and released_numbers.place = held_places.place
    where released_numbers.is_shown
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

-- What a held place has besides what was released is not told at all, and leaves its areas without a number.
hidden as (
    select closed.*
    from closed
    inner join held_places on closed.report_month = held_places.report_month and closed.place = held_places.place
    left join held_numbers on closed.report_month = held_numbers.report_month and closed.cell = held_numbers.cell
    where held_numbers.cell is null
),

cells as (
    select
        *,
        false as is_held,
        false as is_hidden
    from disclosed
    union all
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
        registered_min,
        registered_max,
        low,
        high,
        is_open,
        is_closed,
        is_small,
        delivery_id,
        true as is_held,
        false as is_hidden
    from held_numbers
    union all
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
        registered_min,
        registered_max,
        0 as low,
        0 as high,
        false as is_open,
        is_closed,
        is_small,
        delivery_id,
        true as is_held,
        true as is_hidden
    from hidden
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
        is_hidden,
        delivery_id
    from cells
)

select * from final
