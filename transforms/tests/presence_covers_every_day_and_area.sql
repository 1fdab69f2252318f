-- Detects holes in the series: an area that has no figures on a day of the series.
-- A returned row is a day and an area without a row in kpi.presence.
{{ config(meta={'dagster': {'ref': {'name': 'presence'}}}) }}

with days as (
    select as_of
    from {{ ref('int_as_of') }}
),

areas as (
    select distinct
        scope,
        scope_code
    from {{ ref('int_municipality_scope') }}
),

final as (
    select
        days.as_of,
        areas.scope,
        areas.scope_code
    from days
    cross join areas
    left join {{ ref('presence') }} as presence
        on
            days.as_of = presence.as_of
            and areas.scope = presence.scope
            and areas.scope_code = presence.scope_code
    where presence.as_of is null
)

select * from final
