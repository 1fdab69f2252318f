with source as (
    select * from {{ source('raw', 'quarantine') }}
),

final as (
    select
        source_row_id,
        document_id,
        table_name,
        rule,
        reason,
        value,
        page,
        line_from,
        line_to,
        raw_text,
        bounding_box,
        first_seen
    from source
)

select * from final
