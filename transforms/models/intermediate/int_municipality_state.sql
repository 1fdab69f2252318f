with municipality_days as (
    select
        dim_municipality.municipality_code,
        int_as_of.as_of
    from {{ ref('dim_municipality') }} as dim_municipality
    cross join {{ ref('int_as_of') }} as int_as_of
),

offices as (
    select
        municipality_code,
        as_of,
        count(case when is_open then 1 end) as offices,
        count(case when presence = 'staffed_office' then 1 end) as staffed,
        count(case when presence = 'travel_to_office' then 1 end) as travel_to,
        count(case when presence = 'office_form_unknown' then 1 end) as form_unknown,
        count(case when not is_open then 1 end) as closed_offices,
        count(case when is_collaboration_in_use then 1 end) as collaborations_in_use_min,
        count(case when may_collaboration_be_in_use then 1 end) as collaborations_in_use_max,
        count(case when is_collaboration then 1 end) as collaborations
    from {{ ref('int_office_presence') }}
    group by municipality_code, as_of
),

-- Agreements are stated for a document's own day only: on every other day they are unknown, not zero.
agreement_days as (
    select distinct as_of
    from {{ ref('fct_collaboration_state') }}
),

agreements as (
    select
        municipality_code,
        as_of,
        count(case when agreement = 'agreed' then 1 end) as agreed,
        count(case when agreement = 'own_premises_not_ready' then 1 end) as not_ready
    from {{ as_known(ref('fct_collaboration_state')) }} as states
    group by municipality_code, as_of
),

service_centres as (
    select
        municipality_days.municipality_code,
        municipality_days.as_of,
        count(*) as service_centres
    from municipality_days
    inner join {{ ref('int_service_centre_launch') }} as launches
        on
            municipality_days.municipality_code = launches.municipality_code
            and municipality_days.as_of >= launches.launch_month
            and (launches.withdrawn_on is null or municipality_days.as_of < launches.withdrawn_on)
    group by municipality_days.municipality_code, municipality_days.as_of
),

-- A municipality without rows has none of what the rows list in full: its counts are zero, not unknown.
final as (
    select
        municipality_days.municipality_code,
        municipality_days.as_of,
        coalesce(offices.offices, 0) as offices,
        coalesce(offices.staffed, 0) as staffed,
        coalesce(offices.travel_to, 0) as travel_to,
        coalesce(offices.form_unknown, 0) as form_unknown,
        coalesce(offices.closed_offices, 0) as closed_offices,
        coalesce(offices.collaborations_in_use_min, 0) as collaborations_in_use_min,
        coalesce(offices.collaborations_in_use_max, 0) as collaborations_in_use_max,
        case when agreement_days.as_of is not null then coalesce(agreements.agreed, 0) end as agreed,
        case when agreement_days.as_of is not null then coalesce(agreements.not_ready, 0) end as not_ready,
        coalesce(service_centres.service_centres, 0) as service_centres,
        coalesce(offices.offices, 0) > 0 as has_office,
        coalesce(offices.offices, 0) + coalesce(offices.collaborations, 0) > 0 as has_presence_planned
    from municipality_days
    left join offices
        on
            municipality_days.municipality_code = offices.municipality_code
            and municipality_days.as_of = offices.as_of
    left join agreement_days on municipality_days.as_of = agreement_days.as_of
    left join agreements
        on
            municipality_days.municipality_code = agreements.municipality_code
            and municipality_days.as_of = agreements.as_of
    left join service_centres
        on
            municipality_days.municipality_code = service_centres.municipality_code
            and municipality_days.as_of = service_centres.as_of
)

select * from final
