-- Whatever is decided later, a figure is compared with what was known when it was stated.
with last_statement as (
    select stated_on
    from {{ ref('int_last_statement') }}
),

plans as (
    select
        *,
        row_number() over (order by known_at) = 1 as is_first,
        row_number() over (order by known_at desc) = 1 as is_last
    from {{ ref('office_plan') }}
    where scope = 'national' and known_at <= (select last_statement.stated_on from last_statement)
),

versions as (
    select
        plan,
        form,
        lag(plan) over (partition by office_id order by known_from) as plan_before,
        lag(form) over (partition by office_id order by known_from) as form_before
    from {{ ref('fct_office_plan') }}
    where known_from <= (select last_statement.stated_on from last_statement)
),

changes as (
    select
        count(case when plan = 'kept' and plan_before = 'closing' then 1 end) as reinstated_offices,
        count(case when plan = 'kept' and plan_before = 'closing' and form = 'staffed' then 1 end)
            as reinstated_staffed_offices,
        count(case when plan = 'kept' and plan_before = 'closing' and form = 'travel_to' then 1 end)
            as reinstated_travel_to_offices,
        count(case when plan_before = 'kept' and form_before = 'travel_to' and form = 'staffed' then 1 end)
            as restaffed_offices
    from versions
),

totals as (
    select
        max(case when is_first then kept end) as kept_plan_2019,
        max(case when is_first then staffed end) as staffed_plan_2019,
        max(case when is_first then travel_to end) as travel_to_plan_2019,
        max(case when is_first then closing end) as closing_plan_2019,
        max(case when is_last then kept end) as kept_plan_2020,
        max(case when is_last then staffed end) as staffed_plan_2020,
        max(case when is_last then travel_to end) as travel_to_plan_2020,
        max(case when is_last then closing end) as closing_plan_2020
    from plans
),

measures as (
    select
        totals.*,
        changes.*
    from totals
    cross join changes
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
