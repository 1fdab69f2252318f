with offices as (
    select
        office_as_of.office_id,
        office_as_of.municipality_code,
        office_as_of.as_of,
        office_as_of.is_open,
        office_as_of.form,
        dim_office.presence_form,
        coalesce(dim_office.presence_form = 'collaboration', false) as is_collaboration
    from {{ ref('int_office_as_of') }} as office_as_of
    inner join {{ ref('dim_office') }} as dim_office on office_as_of.office_id = dim_office.office_id
),

-- A state at a date is an interval: service began by the first day it was seen, and after the last day it was missed.
collaborations as (
    select
        office_id,
        min(case when in_use then as_of end) as first_in_use,
        max(case when not in_use then as_of end) as last_not_in_use
    from {{ as_known(ref('fct_collaboration_state')) }} as states
    group by office_id
),

office_days as (
    select
        offices.office_id,
        offices.municipality_code,
        offices.as_of,
        offices.is_open,
        offices.form,
        offices.presence_form,
        offices.is_collaboration,
        coalesce(offices.as_of >= collaborations.first_in_use, false) as is_in_use,
        coalesce(offices.as_of <= collaborations.last_not_in_use, false) as is_not_in_use
    from offices
    left join collaborations on offices.office_id = collaborations.office_id
),

final as (
    select
        office_id,
        municipality_code,
        as_of,
        is_open,
        is_collaboration,
        is_in_use as is_collaboration_in_use,
        is_in_use or (is_collaboration and not is_open and not is_not_in_use) as may_collaboration_be_in_use,
        case
            when is_open and form = 'staffed' then 'staffed_office'
            when is_open and form = 'travel_to' then 'travel_to_office'
            when is_open then 'office_form_unknown'
            when presence_form = 'nearby_office' then 'nearby_office'
            when is_in_use then 'collaboration_in_use'
            when is_not_in_use then 'collaboration_not_in_use'
            else 'collaboration_unknown'
        end as presence
    from office_days
)

select * from final
