with presence_days as (
    select
        max(municipalities) as municipalities,
        max(case when as_of = date '2018-12-31' then municipalities_with_office end)
            as municipalities_with_office_start_of_2019,
        max(case when as_of = date '2020-12-31' then municipalities_with_office end)
            as municipalities_with_office_end_of_2020,
        max(case when as_of = date '2020-12-31' then municipalities_with_presence_planned end)
            as municipalities_with_bookable_presence,
        max(case when as_of = date '2020-10-15' then fa_regions_with_office end) as fa_regions_with_office
    from {{ ref('presence') }}
    where scope = 'national'
),

municipality_offices as (
    select
        municipality_code,
        count(case when plan = 'kept' then 1 end) as kept,
        count(case when plan = 'kept' and form = 'staffed' then 1 end) as staffed,
        count(case when plan = 'kept' and form = 'travel_to' then 1 end) as travel_to,
        count(case when plan = 'closing' then 1 end) as closing,
        count(case when presence_form = 'collaboration' then 1 end) as collaborations
    from {{ ref('int_office_when_stated') }}
    group by municipality_code
),

offices as (
    select
        count(case when staffed > 0 then 1 end) as municipalities_with_staffed_office,
        count(case when travel_to > 0 then 1 end) as municipalities_with_travel_to_office,
        count(case when closing > 0 then 1 end) as municipalities_with_closing_office,
        count(case when closing > 0 and kept = 0 then 1 end) as municipalities_that_lost_every_office,
        count(case when collaborations > 0 then 1 end) as municipalities_with_collaboration
    from municipality_offices
),

first_plan as (
    select count(case when kept > 0 then 1 end) as municipalities_with_kept_office_plan_2019
    from {{ ref('office_plan') }}
    where
        scope = 'municipality'
        and known_at = (select min(first_known.known_at) from {{ ref('office_plan') }} as first_known)
),

regions as (
    select count(distinct fa_region_code) as fa_regions
    from {{ ref('dim_municipality') }}
),

-- The largest of the FA-regions that a text calls without an office.
regions_without_office as (
    select max(region_municipalities.municipalities) as municipalities_of_fa_region_without_office
    from (
        select count(*) as municipalities
        from {{ ref('dim_municipality') }}
        where
            fa_region in (
                select places.place
                from {{ ref('stg_stated_places') }} as places
                where places.place_list = 'fa_region_without_office'
            )
        group by fa_region_code
    ) as region_municipalities
),

measures as (
    select
        presence_days.*,
        offices.*,
        first_plan.*,
        regions.*,
        regions_without_office.*,
        presence_days.municipalities - presence_days.municipalities_with_office_end_of_2020
            as municipalities_without_office_end_of_2020,
        cast(
            presence_days.municipalities - presence_days.municipalities_with_office_end_of_2020 as double
        ) / presence_days.municipalities as share_of_municipalities_without_office,
        presence_days.municipalities - presence_days.municipalities_with_bookable_presence
            as municipalities_without_bookable_presence,
        -- A municipality with both a kept office and a collaboration stands in both terms of this sum.
        presence_days.municipalities_with_office_end_of_2020 + offices.municipalities_with_collaboration
            as municipalities_with_office_plus_with_collaboration,
        presence_days.municipalities - presence_days.municipalities_with_office_end_of_2020
        - offices.municipalities_with_collaboration
            as municipalities_less_with_office_less_with_collaboration
    from presence_days
    cross join offices
    cross join first_plan
    cross join regions
    cross join regions_without_office
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
