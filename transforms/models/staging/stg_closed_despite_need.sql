with source as (
    select * from {{ source('raw', 'closed_despite_need') }}
),

final as (
    select
        "FA-region" as fa_region,
        "Kontor" as office,
        {{ slug('"Kontor"') }} as office_id,
        cast({{ code_of('yes_no', '"SSC finns på orten (ja/nej)"') }} as boolean) as service_centre_in_locality,
        "Datum för avveckling" as closes_on_printed,
        cast(rtrim("Datum för avveckling", '*') as date) as closes_on,
        case when "Datum för avveckling" like '%*' then 'travel_to' else 'staffed' end as form,
        "Status lokal närvaro" as presence_printed,
        source_row_id,
        document_id,
        page,
        line_from,
        line_to,
        raw_text
    from source
)

select * from final
