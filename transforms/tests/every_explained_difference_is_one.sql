-- Detects explanations whose figure no longer differs, or is no longer stated: its verdict has changed.
-- A returned row is an explanation in the seed `known_differences` without a figure that differs.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'reconciliation'}}}) }}

with final as (
    select
        known_differences.measure,
        known_differences.stated,
        known_differences.explanation
    from {{ ref('known_differences') }} as known_differences
    left join {{ ref('reconciliation') }} as reconciliation
        on
            known_differences.measure = reconciliation.measure
            and known_differences.stated = reconciliation.stated
            and reconciliation.verdict = 'differs'
    where reconciliation.figure_id is null
)

select * from final
