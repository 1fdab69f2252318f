with office_days as (
    select
        office_presence.as_of,
        office_presence.municipality_code,
        office_presence.office_id,
        dim_office.office,
        office_presence.is_open,
        office_presence.presence,
        dim_office.source_row_id,
        office_presence.form_source_row_id
    from {{ ref('int_office_presence') }} as office_presence
    inner join {{ ref('dim_office') }} as dim_office on office_presence.office_id = dim_office.office_id
),

ranks (presence_rank, presence) as (
    {{ presence_ranks() }}
),

-- An office stands in the row that names it and, while it is open, in the row that gives its form that day.
office_rows as (
    select
        as_of,
        municipality_code,
        office_id,
        office,
        is_open,
        presence,
        source_row_id
    from office_days
    union distinct
    select
        as_of,
        municipality_code,
        office_id,
        office,
        is_open,
        presence,
        form_source_row_id as source_row_id
    from office_days
    where is_open and form_source_row_id is not null
),

rank_rows as (
    select
        'presence_rank' as metric,
        office_rows.as_of,
        office_rows.municipality_code,
        office_rows.office_id,
        office_rows.office,
        ranks.presence_rank as row_value,
        office_rows.source_row_id
    from office_rows
    inner join ranks on office_rows.presence = ranks.presence
),

open_municipalities as (
    select
        as_of,
        municipality_code,
        min(case when presence = 'travel_to_office' then 1 else 0 end) = 1 as has_travel_to_only
    from office_days
    where is_open
    group by as_of, municipality_code
),

launches as (
    select
        launches.service_centre_id,
        centres.locality,
        launches.municipality_code,
        launches.launch_month,
        launches.office_status,
        launches.withdrawn_on,
        launches.source_row_id
    from {{ ref('int_service_centre_launch') }} as launches
    inner join {{ ref('dim_service_centre') }} as centres on launches.service_centre_id = centres.service_centre_id
),

-- What a row says of drop-in visits, the stronger first: 1 a service centre receives them, 2 the agency's own customer
-- square does, 3 nobody does, 4 nothing is said.
drop_in_rows as (
    select
        'drop_in' as metric,
        as_of.as_of,
        launches.municipality_code,
        launches.service_centre_id,
        launches.locality,
        1 as row_value,
        launches.source_row_id
    from {{ ref('int_as_of') }} as as_of
    inner join launches
        on
            as_of.as_of >= launches.launch_month
            and (launches.withdrawn_on is null or as_of.as_of < launches.withdrawn_on)
    union all
    select
        'drop_in' as metric,
        open_municipalities.as_of,
        launches.municipality_code,
        launches.service_centre_id,
        launches.locality,
        case launches.office_status when 'kept_with_drop_in' then 2 else 3 end as row_value,
        launches.source_row_id
    from open_municipalities
    inner join launches on open_municipalities.municipality_code = launches.municipality_code
    where
        launches.office_status in ('kept_with_drop_in', 'kept_booked_only')
        and (
            open_municipalities.as_of < launches.launch_month
            or open_municipalities.as_of >= launches.withdrawn_on
        )
    union all
    select
        'drop_in' as metric,
        office_rows.as_of,
        office_rows.municipality_code,
        office_rows.office_id,
        office_rows.office,
        case when open_municipalities.has_travel_to_only then 3 else 4 end as row_value,
        office_rows.source_row_id
    from office_rows
    inner join open_municipalities
        on
            office_rows.as_of = open_municipalities.as_of
            and office_rows.municipality_code = open_municipalities.municipality_code
    where office_rows.is_open
),

all_rows as (
    select * from rank_rows
    union all
    select * from drop_in_rows
),

final as (
    select
        metric,
        as_of,
        cast(null as varchar) as dimension,
        municipality_code,
        office_id as subject,
        office as subject_name,
        cast(row_value as double) as row_value,
        source_row_id
    from all_rows
)

select * from final
