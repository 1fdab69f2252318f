with valid_rows as (
    select
        source_row_id,
        document_id,
        table_name,
        page,
        line_from,
        line_to,
        raw_text,
        bounding_box
    from {{ ref('int_document_row') }}
),

-- A row that breaks two rules was refused twice and read once.
refused_rows as (
    select distinct
        source_row_id,
        document_id,
        table_name,
        page,
        line_from,
        line_to,
        raw_text,
        bounding_box
    from {{ ref('stg_quarantine') }}
),

final as (
    select * from valid_rows
    union all
    select * from refused_rows
)

select * from final
