with source as (
    select * from {{ source('raw', 'service_centre_notes') }}
),

final as (
    select
        cast("Tabell" as bigint) as table_number,
        "Införande" as launch_printed,
        "Ort" as place,
        'ssc-' || {{ slug('"Ort"') }} || '-2021' as service_centre_id,
        "Notering" as note,
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
