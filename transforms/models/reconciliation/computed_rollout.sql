with schedule as (
    select launches.*
    from {{ ref('fct_service_launch') }} as launches
    inner join {{ ref('int_last_statement') }} as last_statement
        on {{ is_known('launches', 'last_statement.stated_on') }}
),

existing as (
    select count(*) as existing_service_centres
    from {{ ref('dim_service_centre') }}
    where not is_new
),

launch_months as (
    select
        launch_month,
        count(*) as launches
    from schedule
    group by launch_month
),

months as (
    select
        max(case when launch_month = date '2020-04-01' then launches end) as launches_april_2020,
        max(case when launch_month = date '2020-06-01' then launches end) as launches_june_2020,
        max(case when launch_month = date '2020-09-01' then launches end) as launches_september_2020,
        max(case when launch_month = date '2020-10-01' then launches end) as launches_october_2020,
        max(case when launch_month = date '2020-12-01' then launches end) as launches_december_2020,
        max(case when launch_month = date '2021-01-01' then launches end) as launches_january_2021,
        max(case when launch_month = date '2021-02-01' then launches end) as launches_february_2021,
        max(case when launch_month = date '2021-03-01' then launches end) as launches_march_2021,
        max(case when launch_month = date '2021-05-01' then launches end) as launches_may_2021,
        max(case when launch_month = date '2021-06-01' then launches end) as launches_june_2021,
        max(case when launch_month = date '2021-12-01' then launches end) as launches_december_2021,
        sum(case when launch_month between date '2021-01-01' and date '2021-02-28' then launches end)
            as launches_january_february_2021,
        sum(case when launch_month <= date '2020-06-30' then launches end) as launches_until_june_2020,
        sum(case when launch_month <= date '2020-12-31' then launches end) as launches_until_december_2020
    from launch_months
),

kept_offices as (
    select
        municipality_code,
        count(distinct locality) as places
    from {{ ref('int_office_when_stated') }}
    where plan = 'kept'
    group by municipality_code
),

existing_centres as (
    select
        service_centres.municipality_code,
        launches.office_status,
        launches.restores_drop_in
    from {{ ref('dim_service_centre') }} as service_centres
    inner join schedule as launches
        on service_centres.service_centre_id = launches.service_centre_id
    where not service_centres.is_new
),

centres as (
    select
        count(distinct existing_centres.municipality_code) as places_with_service_centre,
        count(case when existing_centres.restores_drop_in then 1 end) as launches_restoring_drop_in,
        count(distinct case when kept_offices.municipality_code is null then existing_centres.municipality_code end)
            as places_with_service_centre_but_no_office,
        count(
            distinct case
                when
                    kept_offices.municipality_code is null
                    and existing_centres.office_status not in ('kept_with_drop_in', 'kept_booked_only')
                    then existing_centres.municipality_code
            end
        ) as places_whose_schedule_row_names_no_kept_office
    from existing_centres
    left join kept_offices on existing_centres.municipality_code = kept_offices.municipality_code
),

office_places as (
    select sum(places) as places_with_office
    from kept_offices
),

measures as (
    select
        months.*,
        existing.*,
        centres.*,
        office_places.places_with_office + centres.places_with_service_centre_but_no_office
            as places_with_office_or_service_centre,
        office_places.places_with_office + centres.places_whose_schedule_row_names_no_kept_office
            as places_with_office_or_centre_whose_row_names_no_kept_office
    from months
    cross join existing
    cross join centres
    cross join office_places
),

final as (
    {{ one_row_per_measure('measures') }}
)

select * from final
