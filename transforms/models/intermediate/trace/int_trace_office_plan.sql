with known_dates as (
    select known_from as known_at
    from {{ ref('fct_office_plan') }}
    union distinct
    select known_to as known_at
    from {{ ref('fct_office_plan') }}
    where known_to is not null
),

versions as (
    select
        known_dates.known_at,
        office_plan.municipality_code,
        dim_office.office_id,
        dim_office.office,
        office_plan.plan,
        office_plan.form,
        office_plan.source_row_id
    from known_dates
    inner join {{ ref('fct_office_plan') }} as office_plan on {{ is_known('office_plan', 'known_dates.known_at') }}
    inner join {{ ref('dim_office') }} as dim_office on office_plan.office_id = dim_office.office_id
),

plan_rows as (
    select
        plan as metric,
        known_at,
        municipality_code,
        office_id,
        office,
        source_row_id
    from versions
    union all
    select
        form as metric,
        known_at,
        municipality_code,
        office_id,
        office,
        source_row_id
    from versions
    where plan = 'kept'
),

final as (
    select
        metric,
        known_at as as_of,
        cast(null as varchar) as dimension,
        municipality_code,
        office_id as subject,
        office as subject_name,
        cast(null as double) as row_value,
        source_row_id
    from plan_rows
)

select * from final
