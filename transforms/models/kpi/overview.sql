with network as (
    select
        as_of,
        offices,
        staffed,
        travel_to,
        form_unknown,
        closed_offices,
        collaborations_in_use_min,
        collaborations_in_use_max,
        municipalities,
        municipalities_with_office,
        municipalities_with_presence_planned,
        fa_regions_with_office,
        service_centres,
        basis,
        basis_sv
    from {{ ref('presence') }}
    where scope = 'national'
),

municipalities as (
    select
        as_of,
        count(case when presence = 'none' then 1 end) as municipalities_never_with_office,
        count(case when drop_in in ('own', 'service_centre') then 1 end) as municipalities_with_drop_in
    from {{ ref('municipality_presence') }}
    group by as_of
),

plans as (
    select
        known_at,
        kept,
        staffed,
        travel_to,
        closing,
        lead(known_at) over (order by known_at) as replaced_at
    from {{ ref('office_plan') }}
    where scope = 'national'
),

agreements as (
    select
        as_of,
        basis,
        basis_sv,
        planned,
        in_use,
        completion_share,
        -- What rows give goes before a stated total.
        row_number() over (partition by as_of order by basis) as basis_rank
    from {{ ref('agreement_completion') }}
    where scope = 'national'
),

gaps as (
    select
        as_of,
        open_gaps_min,
        open_gaps_max
    from {{ ref('presence_gap_by_scope') }}
    where scope = 'national'
),

rollout as (
    select
        launch_month,
        completion_share,
        lead(launch_month) over (order by launch_month) as next_launch_month
    from {{ ref('service_centre_rollout') }}
),

visits as (
    select
        report_month,
        visits_per_100
    from {{ ref('fct_visit_rate') }}
    where visitor_group = 'all'
),

final as (
    select
        network.as_of,
        network.basis,
        network.basis_sv,
        network.offices,
        network.staffed,
        network.travel_to,
        network.form_unknown,
        network.closed_offices,
        network.municipalities,
        network.municipalities_with_office,
        network.municipalities_with_presence_planned,
        municipalities.municipalities_never_with_office,
        municipalities.municipalities_with_drop_in,
        network.fa_regions_with_office,
        network.collaborations_in_use_min,
        network.collaborations_in_use_max,
        network.service_centres,
        plans.known_at as plan_known_at,
        plans.kept as plan_kept,
        plans.staffed as plan_staffed,
        plans.travel_to as plan_travel_to,
        plans.closing as plan_closing,
        agreements.planned as agreements_planned,
        agreements.in_use as agreements_in_use,
        agreements.completion_share as agreements_completion_share,
        agreements.basis as agreements_basis,
        agreements.basis_sv as agreements_basis_sv,
        gaps.open_gaps_min,
        gaps.open_gaps_max,
        visits.visits_per_100,
        rollout.launch_month as service_centre_launch_month,
        -- Before the first launch the share is zero, not unknown: the schedule lists every launch.
        case when rollout.launch_month is null then 0 else rollout.completion_share end as service_centre_share
    from network
    left join municipalities on network.as_of = municipalities.as_of
    left join plans
        on
            network.as_of >= plans.known_at
            and (plans.replaced_at is null or network.as_of < plans.replaced_at)
    left join rollout
        on
            network.as_of >= rollout.launch_month
            and (rollout.next_launch_month is null or network.as_of < rollout.next_launch_month)
    left join agreements on network.as_of = agreements.as_of and agreements.basis_rank = 1
    left join gaps on network.as_of = gaps.as_of
    left join visits on date_trunc('month', network.as_of) = visits.report_month
)

select * from final
