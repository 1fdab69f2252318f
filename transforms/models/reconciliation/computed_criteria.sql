with general_criteria as (
    select
        count(distinct criterion) as criteria,
        count(distinct case when is_measurable then criterion end) as measurable_criteria,
        count(distinct case when not is_measurable then criterion end) as qualitative_criteria
    from {{ ref('stg_criteria') }}
    where kind = 'general'
),

closed_offices as (
    select
        despite_need.service_centre_in_locality,
        offices.presence_form,
        states.in_use,
        municipalities.municipality,
        municipalities.fa_region in ('Stockholm', 'Göteborg', 'Malmö-Lund') as is_metropolitan
    from {{ ref('stg_closed_despite_need') }} as despite_need
    left join {{ ref('int_office_when_stated') }} as offices on despite_need.office_id = offices.office_id
    left join {{ ref('dim_municipality') }} as municipalities
        on offices.municipality_code = municipalities.municipality_code
    left join {{ ref('int_collaboration_when_stated') }} as states on offices.office_id = states.office_id
),

closed as (
    select
        count(*) as offices_closed_despite_need,
        count(case when is_metropolitan then 1 end) as closed_despite_need_in_metropolitan_regions,
        count(case when not is_metropolitan then 1 end) as closed_despite_need_outside_metropolitan_regions,
        count(
            case when municipality in ('Stockholm', 'Göteborg', 'Lund') and service_centre_in_locality then 1 end
        ) as closed_despite_need_in_cities_with_service_centre,
        count(case when is_metropolitan and presence_form = 'nearby_office' then 1 end)
            as closed_despite_need_with_nearby_office,
        count(distinct case when not is_metropolitan and service_centre_in_locality then municipality end)
            as closed_despite_need_outside_with_service_centre,
        count(case when presence_form = 'collaboration' then 1 end)
            as closed_despite_need_with_collaboration_planned,
        count(case when presence_form = 'collaboration' and not in_use then 1 end)
            as closed_despite_need_without_collaboration_in_use
    from closed_offices
),

measures as (
    select
        general_criteria.*,
        closed.*
    from general_criteria
    cross join closed
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
