-- Detects stated figures that rows contradict and nobody has examined yet.
-- A returned row is such a figure, with both numbers and the place it stands at.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'reconciliation'}}}) }}

with final as (
    select
        figure_id,
        label,
        stated,
        computed,
        document_id,
        page,
        line_from
    from {{ ref('reconciliation') }}
    where verdict = 'differs' and explanation is null
)

select * from final
