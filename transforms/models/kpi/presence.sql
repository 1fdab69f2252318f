with municipality_state as (
    select
        municipality_code,
        as_of,
        offices,
        staffed,
        travel_to,
        form_unknown,
        closed_offices,
        collaborations_in_use_min,
        collaborations_in_use_max,
        agreed,
        not_ready,
        service_centres,
        has_office,
        has_presence_planned
    from {{ ref('int_municipality_state') }}
),

scopes as (
    select
        scopes.municipality_code,
        scopes.scope,
        scopes.scope_code,
        scopes.scope_name,
        dim_municipality.fa_region_code
    from {{ ref('int_municipality_scope') }} as scopes
    inner join {{ ref('dim_municipality') }} as dim_municipality
        on scopes.municipality_code = dim_municipality.municipality_code
),

dates as (
    select
        as_of,
        plan_known_at,
        basis
    from {{ ref('int_as_of_basis') }}
),

totals as (
    select
        municipality_state.as_of,
        scopes.scope,
        scopes.scope_code,
        scopes.scope_name,
        sum(municipality_state.offices) as offices,
        sum(municipality_state.staffed) as staffed,
        sum(municipality_state.travel_to) as travel_to,
        sum(municipality_state.form_unknown) as form_unknown,
        sum(municipality_state.closed_offices) as closed_offices,
        sum(municipality_state.collaborations_in_use_min) as collaborations_in_use_min,
        sum(municipality_state.collaborations_in_use_max) as collaborations_in_use_max,
        sum(municipality_state.agreed) as agreed,
        sum(municipality_state.not_ready) as not_ready,
        sum(municipality_state.service_centres) as service_centres,
        count(*) as municipalities,
        count(case when municipality_state.has_office then 1 end) as municipalities_with_office,
        count(case when municipality_state.has_presence_planned then 1 end) as municipalities_with_presence_planned,
        count(distinct case when municipality_state.has_office then scopes.fa_region_code end)
            as fa_regions_with_office
    from municipality_state
    inner join scopes on municipality_state.municipality_code = scopes.municipality_code
    group by municipality_state.as_of, scopes.scope, scopes.scope_code, scopes.scope_name
),

final as (
    select
        totals.as_of,
        totals.scope,
        {{ label_of('scope', 'totals.scope') }} as scope_sv,
        totals.scope_code,
        totals.scope_name,
        cast(totals.offices as bigint) as offices,
        cast(totals.staffed as bigint) as staffed,
        cast(totals.travel_to as bigint) as travel_to,
        cast(totals.form_unknown as bigint) as form_unknown,
        cast(totals.closed_offices as bigint) as closed_offices,
        cast(totals.collaborations_in_use_min as bigint) as collaborations_in_use_min,
        cast(totals.collaborations_in_use_max as bigint) as collaborations_in_use_max,
        cast(totals.agreed as bigint) as agreed,
        cast(totals.not_ready as bigint) as not_ready,
        cast(totals.service_centres as bigint) as service_centres,
        totals.municipalities,
        totals.municipalities_with_office,
        totals.municipalities_with_presence_planned,
        case when totals.scope = 'national' then totals.fa_regions_with_office end as fa_regions_with_office,
        dates.plan_known_at,
        dates.basis,
        {{ label_of('basis', 'dates.basis') }} as basis_sv
    from totals
    inner join dates on totals.as_of = dates.as_of
)

select * from final
