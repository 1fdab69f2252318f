with source as (
    select * from {{ source('raw', 'closing_offices') }}
),

final as (
    select
        "Län" as county,
        "Region" as af_region,
        "Kommun" as municipality,
        "Arbetsförmedlingskontor" as office,
        {{ slug('"Arbetsförmedlingskontor"') }} as office_id,
        regexp_replace("Arbetsförmedlingskontor", '^A[fF] ', '') as locality,
        cast("Tidpunkt avveckling" as date) as closes_on,
        "Servicekontor på orten" as service_centre_printed,
        cast({{ code_of('yes_no', extract('"Servicekontor på orten"', '^([^,]*)')) }} as boolean)
            as service_centre_in_locality,
        {{ extract('"Servicekontor på orten"', ' i ([A-ZÅÄÖ][^,]*?)( inom samma kommun)?$') }}
            as service_centre_place,
        {{ code_of('presence_form', '"Form av ändamålsenlig lokal närvaro"') }} as presence_form,
        "Samarbetslösning klar och ändamålsenlig" as agreement_printed,
        {{ code_of('agreement', '"Samarbetslösning klar och ändamålsenlig"') }} as agreement,
        {{ code_of('premises', '"Samarbetslösning klar och ändamålsenlig"') }} as premises,
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
