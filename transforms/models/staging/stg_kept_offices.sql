with source as (
    select * from {{ source('raw', 'kept_offices') }}
),

final as (
    select
        "Län" as county,
        "Region" as af_region,
        "Kommun" as municipality,
        "Arbetsförmedlingskontor" as office,
        {{ slug('"Arbetsförmedlingskontor"') }} as office_id,
        regexp_replace("Arbetsförmedlingskontor", '^A[fF] ', '') as locality,
        "Form av kontor" as form_printed,
        {{ code_of('office_form', extract('"Form av kontor"', '^([^.]*)')) }} as form,
        {{ yymmdd(extract('"Form av kontor"', 'Beslut ([0-9]{6})')) }} as decided_on,
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
