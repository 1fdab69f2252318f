-- Detects totals of registered jobseekers that miss the sum of their parts by more than the tolerance.
-- A returned row is a month, group and area with the least and the greatest residual, before anything is withheld.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'int_registration_area'}}}) }}

with residuals as (
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        stated_min,
        stated_max,
        layout,
        delivery_id,
        stated_min - (municipalities_max + coalesce(rest_max, 0)) as residual_min,
        stated_max - (municipalities_min + coalesce(rest_min, 0)) as residual_max
    from {{ ref('int_registration_area') }}
    where scope in ('national', 'county')
),

final as (
    select * from residuals
    where
        residual_min > {{ var('registration_total_tolerance') }}
        or residual_max < -{{ var('registration_total_tolerance') }}
)

select * from final
