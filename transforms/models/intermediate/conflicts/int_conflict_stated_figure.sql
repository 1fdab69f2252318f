with statements as (
    select
        statements.measure,
        statements.as_of,
        statements.unit,
        statements.label,
        statements.printed,
        statements.source_row_id,
        statements.line_from,
        documents.as_of as document_date,
        -- “About 70” is anything that rounds to it: within five percent.
        coalesce(statements.lower, statements.value) - case
            when statements.tolerance = 'rounded' then 0.05 * abs(coalesce(statements.lower, statements.value))
            when statements.tolerance = 'percentage_points' then 0.5
            else 0
        end as lowest,
        coalesce(statements.upper, statements.value) + case
            when statements.tolerance = 'rounded' then 0.05 * abs(coalesce(statements.upper, statements.value))
            when statements.tolerance = 'percentage_points' then 0.5
            else 0
        end as highest
    from {{ ref('stg_stated_figures') }} as statements
    inner join {{ ref('stg_documents') }} as documents
        on statements.document_id = documents.document_id
),

-- The first statement of the latest document is what the others are compared with.
ranked as (
    select
        *,
        row_number() over (
            partition by measure, as_of, unit
            order by document_date desc, line_from asc, source_row_id asc
        ) as place_in_line
    from statements
),

final as (
    select
        'stated_figure' as kind,
        other_statements.label as subject,
        'stated_value' as attribute,
        other_statements.printed as value_a,
        other_statements.source_row_id as source_a,
        last_statements.printed as value_b,
        last_statements.source_row_id as source_b
    from ranked as other_statements
    inner join ranked as last_statements
        on
            other_statements.measure = last_statements.measure
            and other_statements.as_of = last_statements.as_of
            and other_statements.unit = last_statements.unit
            and last_statements.place_in_line = 1
    where other_statements.lowest > last_statements.highest or other_statements.highest < last_statements.lowest
)

select * from final
