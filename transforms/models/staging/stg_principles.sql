with source as (
    select * from {{ source('raw', 'principles') }}
),

final as (
    select
        principle,
        version,
        cast(decided_on as date) as decided_on,
        summary,
        summary_sv,
        source_row_id,
        document_id,
        page,
        line_from,
        line_to,
        raw_text,
        bounding_box
    from source
)

select * from final
