with source as (
    select * from {{ source('raw', 'stated_places') }}
),

final as (
    select
        cast(as_of as date) as as_of,
        place_list,
        subject,
        place,
        place_kind,
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
