with municipalities as (
    select
        municipality_code,
        municipality
    from {{ ref('dim_municipality') }}
),

dates as (
    select
        as_of,
        plan_known_at,
        basis
    from {{ ref('int_as_of_basis') }}
),

-- The forms of presence, best first.
ranks (presence_rank, presence) as (
    {{ presence_ranks() }}
),

best_presence as (
    select
        office_presence.municipality_code,
        office_presence.as_of,
        min(ranks.presence_rank) as presence_rank,
        max(case when office_presence.is_open then 1 else 0 end) = 1 as has_office,
        min(case when office_presence.is_open and office_presence.presence != 'travel_to_office' then 0 else 1 end) = 1
            as has_no_office_but_travel_to
    from {{ ref('int_office_presence') }} as office_presence
    inner join ranks on office_presence.presence = ranks.presence
    group by office_presence.municipality_code, office_presence.as_of
),

-- What the rollout schedule says about the agency's own customer square at the place.
service_centres as (
    select
        municipality_code,
        min(case when withdrawn_on is null then launch_month end) as first_launch_month,
        min(case when withdrawn_on is not null then launch_month end) as first_withdrawn_launch_month,
        max(withdrawn_on) as last_withdrawn_on,
        max(case when office_status = 'kept_with_drop_in' then 1 else 0 end) = 1 as has_customer_square,
        max(case when office_status = 'kept_booked_only' then 1 else 0 end) = 1 as has_booked_visits_only
    from {{ ref('int_service_centre_launch') }}
    group by municipality_code
),

municipality_days as (
    select
        dates.as_of,
        dates.plan_known_at,
        dates.basis,
        municipalities.municipality_code,
        municipalities.municipality,
        coalesce(best_presence.presence_rank, 8) as presence_rank,
        case
            when service_centres.first_launch_month <= dates.as_of then 'service_centre'
            when
                service_centres.first_withdrawn_launch_month <= dates.as_of
                and service_centres.last_withdrawn_on > dates.as_of
                then 'service_centre'
            when not coalesce(best_presence.has_office, false) then 'none'
            when service_centres.has_customer_square then 'own'
            when best_presence.has_no_office_but_travel_to or service_centres.has_booked_visits_only then 'none'
            else 'unknown'
        end as drop_in
    from municipalities
    cross join dates
    left join best_presence
        on
            municipalities.municipality_code = best_presence.municipality_code
            and dates.as_of = best_presence.as_of
    left join service_centres on municipalities.municipality_code = service_centres.municipality_code
),

final as (
    select
        municipality_days.as_of,
        municipality_days.municipality_code,
        municipality_days.municipality,
        ranks.presence,
        {{ label_of('presence', 'ranks.presence') }} as presence_sv,
        cast(ranks.presence_rank as bigint) as presence_rank,
        municipality_days.drop_in,
        {{ label_of('drop_in', 'municipality_days.drop_in') }} as drop_in_sv,
        municipality_days.plan_known_at,
        municipality_days.basis,
        {{ label_of('basis', 'municipality_days.basis') }} as basis_sv
    from municipality_days
    inner join ranks on municipality_days.presence_rank = ranks.presence_rank
)

select * from final
