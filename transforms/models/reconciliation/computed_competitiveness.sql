with ranked as (
    select
        competitiveness.competitiveness_rank,
        competitiveness.weaker_competitiveness_share,
        municipalities.municipality_code
    from {{ ref('stg_competitiveness') }} as competitiveness
    inner join {{ ref('dim_municipality') }} as municipalities
        on competitiveness.municipality = municipalities.municipality
),

municipality_offices as (
    select
        offices.municipality_code,
        count(case when offices.plan = 'kept' then 1 end) as kept,
        count(case when offices.presence_form = 'nearby_office' then 1 end) as nearby,
        count(states.office_id) as collaborations,
        count(case when states.premises = 'service_centre' then 1 end) as at_service_centre,
        count(case when not states.in_use and offices.closes_on <= states.as_of then 1 end) as closed_not_in_use,
        count(case when not states.in_use then 1 end) as not_in_use
    from {{ ref('int_office_when_stated') }} as offices
    left join {{ ref('int_collaboration_when_stated') }} as states on offices.office_id = states.office_id
    group by offices.municipality_code
),

lowest as (
    select
        100 * min(ranked.weaker_competitiveness_share) as lowest_share,
        count(*) as municipalities_with_lowest_share,
        cast(count(case when offices.municipality_code is null then 1 end) as double) / count(*)
            as lowest_without_office_before,
        count(case when offices.at_service_centre > 0 then 1 end) as lowest_with_service_centre_collaboration,
        count(case when offices.collaborations > offices.at_service_centre then 1 end)
            as lowest_with_other_collaboration,
        count(case when offices.nearby > 0 and offices.kept = 0 and offices.collaborations = 0 then 1 end)
            as lowest_with_nearby_office_only
    from ranked
    left join municipality_offices as offices on ranked.municipality_code = offices.municipality_code
    where ranked.competitiveness_rank = 'lowest'
),

highest as (
    select
        100 * max(ranked.weaker_competitiveness_share) as highest_share,
        count(*) as municipalities_with_highest_share,
        count(case when offices.kept > 0 or offices.collaborations > 0 then 1 end) as highest_with_presence,
        count(case when offices.collaborations > offices.at_service_centre then 1 end)
            as highest_with_collaboration_outside_service_centre,
        count(case when offices.municipality_code is null then 1 end) as highest_without_office,
        count(case when offices.closed_not_in_use > 0 then 1 end) as highest_closed_before_collaboration,
        count(case when offices.not_in_use > 0 then 1 end) as highest_with_collaboration_not_in_use
    from ranked
    left join municipality_offices as offices on ranked.municipality_code = offices.municipality_code
    where ranked.competitiveness_rank = 'highest'
),

measures as (
    select
        lowest.*,
        highest.*
    from lowest
    cross join highest
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
