-- noqa: disable=RF04
-- `value` is the published contract's name of the column.
-- Figures that follow from other stated figures alone; nothing here rests on rows.
with stated as (
    select
        max(case when measure = 'full_time_equivalents_start_of_2019' then value end) as employees_before,
        max(case when measure = 'full_time_equivalents_end_of_2019' then value end) as employees_after,
        max(case when measure = 'population_on_the_internet' then value end) as internet_users,
        max(case when measure = 'population_on_the_internet_daily' then value end) as daily_users,
        max(case when measure = 'closing_plan_2020' then value end) as closing,
        max(case when measure = 'closing_travel_to_offices' then value end) as closing_travel_to,
        max(case when measure = 'closed_travel_to_offices_october_2020' then value end) as closed_travel_to,
        max(case when measure = 'target_group_registered' and computed_by is null then value end) as target_group,
        max(case when measure = 'others_registered' then value end) as others,
        max(case when measure = 'visits_target_group_2019' then value end) as target_group_visits_before,
        max(case when measure = 'visits_target_group_2020' then value end) as target_group_visits_after,
        max(case when measure = 'visits_others_2019' then value end) as others_visits_before,
        max(case when measure = 'visits_others_2020' then value end) as others_visits_after,
        max(case when measure = 'calls_answered' then value end) as calls_answered,
        max(case when measure = 'calls_called_back' then value end) as calls_called_back,
        max(case when measure = 'offices_that_should_be_staffed_and_exist' then value end) as staffed_by_criteria,
        max(case when measure = 'offices_closed_despite_need' then value end) as closed_despite_need,
        max(case when measure = 'proposed_at_closed_offices' then value end) as proposed_at_closed,
        max(case when measure = 'proposed_at_places_without_office_before' then value end) as proposed_at_none,
        max(case when measure = 'proposed_at_kept_offices' then value end) as proposed_at_kept
    from {{ ref('stg_stated_figures') }}
),

measures as (
    select
        target_group as target_group_registered,
        100 * (employees_after - employees_before) / employees_before as full_time_equivalents_change_2019,
        100 * daily_users / internet_users as internet_users_daily,
        closing_travel_to - closed_travel_to as remaining_travel_to_offices_october_2020,
        closing - closing_travel_to as closing_staffed_offices,
        100 * target_group / (target_group + others) as target_group_of_registered,
        100 * (target_group_visits_after - target_group_visits_before) / target_group_visits_before
            as visits_target_group_change,
        100 * (others_visits_after - others_visits_before) / others_visits_before as visits_others_change,
        calls_answered + calls_called_back as calls_handled,
        staffed_by_criteria + closed_despite_need as offices_that_should_be_staffed,
        proposed_at_closed + proposed_at_none + proposed_at_kept as proposed_new_service_centres
    from stated
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
