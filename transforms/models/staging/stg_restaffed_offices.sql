with source as (
    select * from {{ source('raw', 'restaffed_offices') }}
),

final as (
    select
        "Ort" as locality,
        "Förändring" as change_printed,
        {{ code_of('office_form', extract('"Förändring"', '^från (.*) till ')) }} as form_before,
        {{ code_of('office_form', extract('"Förändring"', '^från .* till (.*)$')) }} as form_after,
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
