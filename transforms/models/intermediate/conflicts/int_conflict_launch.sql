with stated as (
    select
        closed.service_launch_month,
        closed.source_row_id,
        offices.locality,
        offices.municipality_code
    from {{ ref('stg_closed_despite_need') }} as closed
    inner join {{ ref('dim_office') }} as offices
        on closed.office_id = offices.office_id
    where closed.service_launch_month is not null
),

scheduled as (
    select
        service_centres.locality,
        service_centres.municipality_code,
        launches.launch_month,
        launches.is_latest_month,
        launches.source_row_id
    from {{ ref('fct_service_launch') }} as launches
    inner join {{ ref('dim_service_centre') }} as service_centres
        on launches.service_centre_id = service_centres.service_centre_id
),

comparisons as (
    select
        stated.locality as subject,
        'launch_month' as attribute,
        scheduled.source_row_id as source_a,
        stated.source_row_id as source_b,
        case when scheduled.is_latest_month then 'by ' else '' end
        || substr(cast(scheduled.launch_month as varchar), 1, 7) as value_a,
        substr(cast(stated.service_launch_month as varchar), 1, 7) as value_b,
        stated.service_launch_month = scheduled.launch_month as agrees
    from stated
    inner join scheduled
        on stated.municipality_code = scheduled.municipality_code and stated.locality = scheduled.locality
),

final as (
    {{ contradicted('launch', 'comparisons') }}
)

select * from final
