-- Detects rows that were read from a document and are neither valid nor refused, or are kept twice.
-- A returned row is a table of a document with both numbers of rows.
{{ config(meta={'dagster': {'ref': {'name': 'source_row'}}}) }}

with received as (
    select
        readings.document_id,
        readings.table_name,
        readings.rows_received
    from {{ ref('stg_readings') }} as readings
    inner join {{ ref('stg_documents') }} as documents on readings.document_id = documents.document_id
),

kept as (
    select
        document_id,
        table_name,
        count(*) as rows_kept
    from {{ ref('source_row') }}
    group by document_id, table_name
),

final as (
    select
        coalesce(received.document_id, kept.document_id) as document_id,
        coalesce(received.table_name, kept.table_name) as table_name,
        coalesce(received.rows_received, 0) as rows_received,
        coalesce(kept.rows_kept, 0) as rows_kept
    from received
    full outer join kept
        on received.document_id = kept.document_id and received.table_name = kept.table_name
    where coalesce(received.rows_received, 0) != coalesce(kept.rows_kept, 0)
)

select * from final
