with completion as (
    select
        planned as collaborations_planned,
        in_use as collaborations_in_use,
        in_use_service_centre as collaborations_in_use_service_centre,
        in_use_municipality as collaborations_in_use_municipality,
        in_use_own as collaborations_in_use_own,
        agreed_not_ready as collaborations_agreed_not_ready,
        own_premises_not_ready as collaborations_own_premises_not_ready,
        remaining as collaborations_remaining,
        planned - in_use_service_centre as collaborations_outside_service_centres,
        -- An agreement to contract is one with a municipality or another partner about its premises.
        in_use_service_centre + in_use_municipality + agreed_not_ready as collaborations_in_premises_of_others
    from {{ ref('agreement_completion') }}
    where
        scope = 'national'
        and basis = 'rows'
        and as_of = (select max(states.as_of) from {{ ref('int_collaboration_when_stated') }} as states)
),

municipalities_with_kept_office as (
    select distinct municipality_code
    from {{ ref('int_office_when_stated') }}
    where plan = 'kept'
),

closing_offices as (
    select
        count(*) as closing_offices,
        count(case when offices.presence_form = 'nearby_office' then 1 end) as nearby_offices,
        count(case when offices.service_centre_in_locality then 1 end) as closing_places_with_service_centre,
        count(case when offices.service_centre_in_locality and kept.municipality_code is null then 1 end)
            as places_with_service_centre_that_lost_every_office
    from {{ ref('int_office_when_stated') }} as offices
    left join municipalities_with_kept_office as kept on offices.municipality_code = kept.municipality_code
    where offices.plan = 'closing'
),

measures as (
    select
        completion.*,
        closing_offices.*,
        closing_offices.closing_places_with_service_centre - completion.collaborations_in_use_service_centre
            as closing_places_meeting_outside_service_centre,
        closing_offices.places_with_service_centre_that_lost_every_office
        - completion.collaborations_in_use_service_centre
            as places_that_lost_every_office_meeting_outside_service_centre,
        cast(closing_offices.closing_offices as double)
        / nullif(closing_offices.closing_places_with_service_centre, 0) as closing_places_per_service_centre,
        cast(closing_offices.closing_offices as double)
        / nullif(closing_offices.places_with_service_centre_that_lost_every_office, 0)
            as closing_places_per_service_centre_where_every_office_is_lost
    from completion
    cross join closing_offices
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
