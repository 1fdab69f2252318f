with network as (
    select
        as_of,
        offices,
        closed_offices
    from {{ ref('presence') }}
    where scope = 'national'
),

plan as (
    select closing_plan.computed as closing
    from {{ ref('computed_plan') }} as closing_plan
    where closing_plan.measure = 'closing_plan_2020'
),

days as (
    select
        max(case when as_of = date '2018-12-31' then offices end) as offices_start_of_2019,
        max(case when as_of = date '2020-10-15' then closed_offices end) as closed_offices_october_2020,
        max(case when as_of = date '2020-12-31' then closed_offices end) as closed_offices_end_of_2020
    from network
),

measures as (
    select
        days.*,
        plan.closing - days.closed_offices_october_2020 as remaining_closings_october_2020
    from days
    cross join plan
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
