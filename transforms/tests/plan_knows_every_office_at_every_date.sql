-- Detects gaps and overlaps between the versions of the plan: an office is kept or closing, always one of the two.
-- A returned row is a known date whose kept and closing offices are not all offices.
{{ config(meta={'dagster': {'ref': {'name': 'office_plan'}}}) }}

with offices as (
    select count(*) as offices
    from {{ ref('dim_office') }}
),

final as (
    select
        office_plan.known_at,
        office_plan.kept,
        office_plan.closing,
        offices.offices
    from {{ ref('office_plan') }} as office_plan
    cross join offices
    where office_plan.scope = 'national' and office_plan.kept + office_plan.closing != offices.offices
)

select * from final
