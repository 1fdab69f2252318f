with documents as (
    select
        document_id,
        title,
        publisher,
        published,
        as_of,
        dnr,
        language,
        sha256
    from {{ ref('stg_documents') }}
),

source_rows as (
    select
        document_id,
        count(*) as row_count
    from {{ ref('source_row') }}
    group by document_id
),

-- A registered document that no table is read from has no rows: zero, not unknown.
final as (
    select
        documents.document_id,
        documents.title,
        documents.publisher,
        documents.published,
        documents.as_of,
        documents.dnr,
        documents.language,
        documents.sha256,
        coalesce(source_rows.row_count, 0) as "rows"
    from documents
    left join source_rows on documents.document_id = source_rows.document_id
)

select * from final
