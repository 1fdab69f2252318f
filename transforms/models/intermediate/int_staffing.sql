with offices as (
    select
        office_presence.as_of,
        office_presence.municipality_code,
        office_presence.presence,
        dim_office.office
    from {{ ref('int_office_presence') }} as office_presence
    inner join {{ ref('dim_office') }} as dim_office on office_presence.office_id = dim_office.office_id
    where office_presence.is_open
),

scopes as (
    select
        municipality_code,
        scope,
        scope_code
    from {{ ref('int_municipality_scope') }}
    where scope in ('municipality', 'fa_region')
),

final as (
    select
        offices.as_of,
        scopes.scope,
        scopes.scope_code,
        count(case when offices.presence = 'staffed_office' then 1 end) as staffed,
        {{ list_of("case when offices.presence = 'staffed_office' then offices.office end") }} as staffed_offices,
        {{ list_of("case when offices.presence = 'travel_to_office' then offices.office end") }} as travel_to_offices,
        {{ list_of("case when offices.presence = 'office_form_unknown' then offices.office end") }}
            as offices_of_unknown_form
    from offices
    inner join scopes on offices.municipality_code = scopes.municipality_code
    group by offices.as_of, scopes.scope, scopes.scope_code
)

select * from final
