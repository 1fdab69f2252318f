with office_days as (
    select
        office_presence.as_of,
        office_presence.municipality_code,
        office_presence.office_id,
        dim_office.office,
        office_presence.presence,
        office_presence.is_open,
        office_presence.is_collaboration,
        office_presence.is_collaboration_in_use,
        office_presence.may_collaboration_be_in_use,
        dim_office.source_row_id,
        office_presence.form_source_row_id
    from {{ ref('int_office_presence') }} as office_presence
    inner join {{ ref('dim_office') }} as dim_office on office_presence.office_id = dim_office.office_id
),

states as (
    select
        office_id,
        as_of,
        in_use,
        agreement,
        municipality_code,
        source_row_id
    from {{ as_known(ref('fct_collaboration_state')) }} as known_states
),

-- An open office stands in the row that names it and in the row that gives its form that day: often the same one.
open_offices as (
    select
        as_of,
        municipality_code,
        office_id,
        office,
        presence,
        source_row_id
    from office_days
    where is_open
    union distinct
    select
        as_of,
        municipality_code,
        office_id,
        office,
        presence,
        form_source_row_id as source_row_id
    from office_days
    where is_open and form_source_row_id is not null
),

metrics_of_open_offices (metric, presence) as (
    values
    ('staffed', 'staffed_office'),
    ('travel_to', 'travel_to_office'),
    ('form_unknown', 'office_form_unknown'),
    ('offices', null),
    ('municipalities_with_office', null),
    ('fa_regions_with_office', null),
    ('municipalities_with_presence_planned', null)
),

open_rows as (
    select
        metrics_of_open_offices.metric,
        open_offices.as_of,
        open_offices.municipality_code,
        open_offices.office_id,
        open_offices.office,
        open_offices.source_row_id
    from open_offices
    inner join metrics_of_open_offices
        on coalesce(metrics_of_open_offices.presence, open_offices.presence) = open_offices.presence
),

closed_rows as (
    select
        'closed_offices' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        source_row_id
    from office_days
    where not is_open
    union all
    select
        'municipalities_with_presence_planned' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        source_row_id
    from office_days
    where not coalesce(is_open, false) and is_collaboration
),

-- A collaboration is known to be in use by the rows that have found it so until the day.
found_in_use as (
    select
        office_days.as_of,
        office_days.municipality_code,
        office_days.office_id,
        office_days.office,
        states.source_row_id
    from office_days
    inner join states
        on
            office_days.office_id = states.office_id
            and office_days.as_of >= states.as_of
            and states.in_use
    where office_days.is_collaboration_in_use
),

collaboration_rows as (
    select
        'collaborations_in_use_min' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        source_row_id
    from found_in_use
    union all
    select
        'collaborations_in_use_max' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        source_row_id
    from found_in_use
    union distinct
    select
        'collaborations_in_use_max' as metric,
        as_of,
        municipality_code,
        office_id,
        office,
        source_row_id
    from office_days
    where may_collaboration_be_in_use
),

agreement_rows as (
    select
        case states.agreement when 'agreed' then 'agreed' else 'not_ready' end as metric,
        office_days.as_of,
        states.municipality_code,
        office_days.office_id,
        office_days.office,
        states.source_row_id
    from office_days
    inner join states
        on
            office_days.office_id = states.office_id
            and office_days.as_of = states.as_of
    where states.agreement in ('agreed', 'own_premises_not_ready')
),

service_centre_rows as (
    select
        'service_centres' as metric,
        as_of.as_of,
        launches.municipality_code,
        launches.service_centre_id as office_id,
        centres.locality as office,
        launches.source_row_id
    from {{ ref('int_as_of') }} as as_of
    inner join {{ ref('int_service_centre_launch') }} as launches
        on
            as_of.as_of >= launches.launch_month
            and (launches.withdrawn_on is null or as_of.as_of < launches.withdrawn_on)
    inner join {{ ref('dim_service_centre') }} as centres on launches.service_centre_id = centres.service_centre_id
),

all_rows as (
    select * from open_rows
    union all
    select * from closed_rows
    union all
    select * from collaboration_rows
    union all
    select * from agreement_rows
    union all
    select * from service_centre_rows
),

final as (
    select
        metric,
        as_of,
        cast(null as varchar) as dimension,
        municipality_code,
        office_id as subject,
        office as subject_name,
        cast(null as double) as row_value,
        source_row_id
    from all_rows
)

select * from final
