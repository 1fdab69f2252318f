with known_dates as (
    select known_from as known_at
    from {{ ref('fct_office_plan') }}
    union distinct
    -- A plan may do no more than leave offices out.
    select known_to as known_at
    from {{ ref('fct_office_plan') }}
    where known_to is not null
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
        municipality_code,
        known_from,
        known_to,
        plan,
        form
    from {{ ref('fct_office_plan') }}
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
