with known_dates as (
    select distinct known_from as known_at
    from {{ ref('fct_office_plan') }}
),

scopes as (
    select
        municipality_code,
        scope,
        scope_code,
        scope_name
    from {{ ref('int_municipality_scope') }}
),

plan_versions as (
    select
        dim_office.municipality_code,
        plan_versions.known_from,
        plan_versions.known_to,
        plan_versions.plan,
        plan_versions.form
    from {{ ref('fct_office_plan') }} as plan_versions
    inner join {{ ref('dim_office') }} as dim_office on plan_versions.office_id = dim_office.office_id
),

-- The left join keeps a scope without offices: it has a plan of zero.
totals as (
    select
        known_dates.known_at,
        scopes.scope,
        scopes.scope_code,
        scopes.scope_name,
        count(case when plan_versions.plan = 'kept' then 1 end) as kept,
        count(case when plan_versions.plan = 'kept' and plan_versions.form = 'staffed' then 1 end) as staffed,
        count(case when plan_versions.plan = 'kept' and plan_versions.form = 'travel_to' then 1 end) as travel_to,
        count(case when plan_versions.plan = 'closing' then 1 end) as closing
    from known_dates
    cross join scopes
    left join plan_versions
        on
            scopes.municipality_code = plan_versions.municipality_code
            and {{ is_known('plan_versions', 'known_dates.known_at') }}
    group by known_dates.known_at, scopes.scope, scopes.scope_code, scopes.scope_name
),

final as (
    select
        known_at,
        scope,
        {{ label_of('scope', 'scope') }} as scope_sv,
        scope_code,
        scope_name,
        kept,
        staffed,
        travel_to,
        closing
    from totals
)

select * from final
