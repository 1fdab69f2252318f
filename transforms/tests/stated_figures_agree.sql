-- Detects statements of the same quantity for the same day that do not agree, within a document or between documents.
-- A returned row is a pair of statements. The less precise of two numbers has to be the other one, rounded; a number
-- has to lie in a range. How the rollout was expected to go changes from document to document (`kpi.rollout_slippage`):
-- its figures are compared within a document only.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'agreement_completion'}}}) }}

with figures as (
    select
        figure_id,
        measure,
        as_of,
        document_id,
        page,
        line_from,
        topic,
        unit,
        value,
        lower,
        upper,
        -- How many zeros end a rounded number: 4 for “drygt 280 000”.
        case
            when tolerance = 'rounded'
                then
                    length(cast(cast(abs(value) as bigint) as varchar))
                    - length(rtrim(cast(cast(abs(value) as bigint) as varchar), '0'))
            else 0
        end as zeros
    from {{ ref('stg_stated_figures') }}
),

pairs as (
    select
        one.measure,
        one.as_of,
        one.unit,
        one.value as value_a,
        other.value as value_b,
        one.document_id as document_a,
        one.page as page_a,
        one.line_from as line_a,
        other.document_id as document_b,
        other.page as page_b,
        other.line_from as line_b,
        coalesce(
            round(one.value / pow(10, greatest(one.zeros, other.zeros)))
            = round(other.value / pow(10, greatest(one.zeros, other.zeros))),
            one.value between other.lower and other.upper,
            other.value between one.lower and one.upper,
            one.lower = other.lower and one.upper = other.upper
        ) and one.unit = other.unit as agree
    from figures as one
    inner join figures as other
        on
            one.measure = other.measure
            and one.as_of = other.as_of
            and one.figure_id < other.figure_id
            and (one.document_id = other.document_id or one.topic != 'rollout')
),

final as (
    select *
    from pairs
    where not agree
)

select * from final
