with figures as (
    select * from {{ ref('stg_stated_figures') }}
),

-- A document can round a number in one place and give it in full in another: a number goes before a range, an exact
-- one before a rounded one, more figures before fewer, and then the first one printed.
ranked as (
    select
        *,
        count(*) over (partition by measure, as_of, document_id) as statements,
        row_number() over (
            partition by measure, as_of, document_id
            order by
                case when value is null then 1 else 0 end,
                case tolerance when 'rounded' then 1 else 0 end,
                {{ significant_figures('value') }} desc,
                line_from,
                source_row_id
        ) as precision_rank
    from figures
),

final as (
    select
        ranked.measure,
        ranked.as_of,
        ranked.document_id,
        ranked.topic,
        ranked.counts,
        ranked.label,
        ranked.label_sv,
        ranked.value,
        ranked.lower,
        ranked.upper,
        ranked.unit,
        ranked.tolerance,
        ranked.statements,
        ranked.source_row_id,
        documents.as_of as document_as_of,
        documents.published
    from ranked
    inner join {{ ref('stg_documents') }} as documents on ranked.document_id = documents.document_id
    where ranked.precision_rank = 1
)

select * from final
