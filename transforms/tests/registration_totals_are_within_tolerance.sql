-- Detects totals of registered jobseekers that miss the sum of their parts by more than the tolerance.
-- A returned row is a month, group and area with the least and the greatest residual.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fct_registration_total'}}}) }}

with final as (
    select
        report_month,
        visitor_group,
        scope_name,
        stated_min,
        stated_max,
        residual_min,
        residual_max,
        layout,
        delivery_id
    from {{ ref('fct_registration_total') }}
    where not is_within_tolerance
)

select * from final
