-- Detects definitions said to make a figure agree that give another number.
-- A returned row is such a figure, with the stated number and the one that the definition gives.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'reconciliation'}}}) }}

with final as (
    select
        figure_id,
        agrees_if,
        stated,
        computed_if,
        document_id,
        page,
        line_from
    from {{ ref('reconciliation') }}
    where
        agrees_if is not null
        and (
            computed_if is null
            or abs(computed_if - stated) > case when tolerance = 'rounded' then 0.05 * abs(stated) else 1e-9 end
        )
)

select * from final
