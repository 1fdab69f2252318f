with collaborations as (
    select
        as_of,
        municipality_code,
        in_use,
        agreement,
        premises
    from {{ as_known(ref('fct_collaboration_state')) }} as states
),

scopes as (
    select
        municipality_code,
        scope,
        scope_code,
        scope_name
    from {{ ref('int_municipality_scope') }}
),

-- The inner join leaves out every scope that no collaboration is planned in: there is nothing to complete.
counts as (
    select
        collaborations.as_of,
        scopes.scope,
        scopes.scope_code,
        scopes.scope_name,
        'rows' as basis,
        count(*) as planned,
        count(case when collaborations.in_use then 1 end) as in_use,
        count(case when collaborations.in_use and collaborations.premises = 'service_centre' then 1 end)
            as in_use_service_centre,
        count(case when collaborations.in_use and collaborations.premises = 'municipality' then 1 end)
            as in_use_municipality,
        count(case when collaborations.in_use and collaborations.premises = 'own' then 1 end) as in_use_own,
        count(case when collaborations.agreement = 'agreed' then 1 end) as agreed_not_ready,
        count(case when collaborations.agreement = 'own_premises_not_ready' then 1 end) as own_premises_not_ready
    from collaborations
    inner join scopes on collaborations.municipality_code = scopes.municipality_code
    group by collaborations.as_of, scopes.scope, scopes.scope_code, scopes.scope_name
),

stated as (
    select
        as_of,
        'national' as scope,
        'SE' as scope_code,
        'Sverige' as scope_name,
        'stated' as basis,
        planned,
        in_use,
        in_use_service_centre,
        in_use_municipality,
        in_use_own,
        agreed_not_ready,
        own_premises_not_ready
    from {{ ref('int_stated_agreement') }}
),

both_bases as (
    select * from counts
    union all
    select * from stated
),

final as (
    select
        as_of,
        scope,
        {{ label_of('scope', 'scope') }} as scope_sv,
        scope_code,
        scope_name,
        basis,
        {{ label_of('basis', 'basis') }} as basis_sv,
        planned,
        in_use,
        in_use_service_centre,
        in_use_municipality,
        in_use_own,
        agreed_not_ready,
        own_premises_not_ready,
        planned - in_use as remaining,
        cast(in_use as double) / nullif(planned, 0) as completion_share
    from both_bases
)

select * from final
