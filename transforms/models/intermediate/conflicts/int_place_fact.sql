with offices as (
    select
        offices.office_id,
        offices.municipality_code,
        municipalities.fa_region_code,
        offices.plan,
        offices.form,
        offices.form_source_row_id,
        offices.decided_on,
        offices.presence_form,
        offices.source_row_id
    from {{ ref('dim_office') }} as offices
    inner join {{ ref('dim_municipality') }} as municipalities
        on offices.municipality_code = municipalities.municipality_code
),

states as (
    select
        office_id,
        premises,
        in_use,
        source_row_id
    from {{ ref('fct_collaboration_state') }}
),

areas as (
    select
        office_id,
        'kept_office_in_municipality' as attribute,
        municipality_code as area
    from offices
    union all
    select
        office_id,
        'kept_office_in_fa_region' as attribute,
        fa_region_code as area
    from offices
),

-- One kept office is enough; where there is none, the office's own row says that it is not kept.
kept_by_area as (
    select
        areas.attribute,
        areas.area,
        min(offices.source_row_id) as source_row_id
    from areas
    inner join offices
        on areas.office_id = offices.office_id
    where offices.plan = 'kept'
    group by areas.attribute, areas.area
),

office_facts as (
    select
        office_id as holder_id,
        'plan' as attribute,
        plan as value,
        source_row_id
    from offices
    union all
    select
        office_id as holder_id,
        'form' as attribute,
        form as value,
        coalesce(form_source_row_id, source_row_id) as source_row_id
    from offices
    union all
    select
        office_id as holder_id,
        'is_reinstated' as attribute,
        case when decided_on is null then 'no' else 'yes' end as value,
        source_row_id
    from offices
    union all
    select
        office_id as holder_id,
        'presence_form' as attribute,
        coalesce(presence_form, plan) as value,
        source_row_id
    from offices
    union all
    select
        office_id as holder_id,
        'premises' as attribute,
        premises as value,
        source_row_id
    from states
    union all
    select
        office_id as holder_id,
        'is_in_use' as attribute,
        case when in_use then 'yes' else 'no' end as value,
        source_row_id
    from states
    union all
    select
        areas.office_id as holder_id,
        areas.attribute,
        case when kept_by_area.area is null then 'no' else 'yes' end as value,
        coalesce(kept_by_area.source_row_id, offices.source_row_id) as source_row_id
    from areas
    inner join offices
        on areas.office_id = offices.office_id
    left join kept_by_area
        on areas.attribute = kept_by_area.attribute and areas.area = kept_by_area.area
),

launches as (
    select
        service_centre_id,
        office_status,
        launch_month,
        source_row_id
    from {{ as_known(ref('fct_service_launch')) }} as schedule
),

-- AF's own customer square stays until the service centre takes over.
service_centre_facts as (
    select
        service_centre_id as holder_id,
        'service_centre' as attribute,
        case when is_new then 'new' else 'yes' end as value,
        cast(null as date) as holds_from,
        cast(null as date) as holds_until,
        source_row_id
    from {{ ref('dim_service_centre') }}
    union all
    select
        service_centre_id as holder_id,
        'customer_square' as attribute,
        'yes' as value,
        cast(null as date) as holds_from,
        launch_month as holds_until,
        source_row_id
    from launches
    where office_status = 'kept_with_drop_in'
    union all
    select
        service_centre_id as holder_id,
        'customer_square' as attribute,
        'no' as value,
        case when office_status = 'kept_with_drop_in' then launch_month end as holds_from,
        cast(null as date) as holds_until,
        source_row_id
    from launches
),

final as (
    select
        holder_id,
        attribute,
        value,
        cast(null as date) as holds_from,
        cast(null as date) as holds_until,
        source_row_id
    from office_facts
    union all
    select
        holder_id,
        attribute,
        value,
        holds_from,
        holds_until,
        source_row_id
    from service_centre_facts
)

select * from final
