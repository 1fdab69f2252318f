-- Detects stated figures that name their queries, which give no number for them.
-- A returned row is such a figure.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'reconciliation'}}}) }}

with final as (
    select
        figure_id,
        label,
        computed_by,
        document_id,
        page,
        line_from
    from {{ ref('reconciliation') }}
    where verdict = 'not_computable' and computed_by is not null
)

select * from final
