-- Detects holes in the series: a municipality that has no form of presence on a day of the series.
-- A returned row is a day and a municipality without a row in kpi.municipality_presence.
{{ config(meta={'dagster': {'ref': {'name': 'municipality_presence'}}}) }}

with days as (
    select as_of
    from {{ ref('int_as_of') }}
),

municipalities as (
    select municipality_code
    from {{ ref('dim_municipality') }}
),

final as (
    select
        days.as_of,
        municipalities.municipality_code
    from days
    cross join municipalities
    left join {{ ref('municipality_presence') }} as municipality_presence
        on
            days.as_of = municipality_presence.as_of
            and municipalities.municipality_code = municipality_presence.municipality_code
    where municipality_presence.as_of is null
)

select * from final
