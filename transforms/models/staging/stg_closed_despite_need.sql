with source as (
    select * from {{ source('raw', 'closed_despite_need') }}
),

-- The first sentence says what came instead, as of October 2020; a second one when the customer square moved.
sentences as (
    select
        *,
        {{ extract('"Status lokal närvaro"', '^([^.]*?)( [(]okt 2020[)])?[.]?( Kundtorg.*)?$') }} as presence_sentence,
        {{ extract('"Status lokal närvaro"', 'Kundtorgverksamhet (.*)$') }} as launch_sentence
    from source
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
        coalesce(
            {{ code_of('presence_form', 'presence_sentence') }},
            case when {{ code_of('agreement', 'presence_sentence') }} is not null then 'collaboration' end
        ) as presence_form,
        {{ code_of('agreement', 'presence_sentence') }} as agreement,
        {{ code_of('premises', 'presence_sentence') }} as premises,
        {{ launch_month('launch_sentence') }} as service_launch_month,
        source_row_id,
        document_id,
        page,
        line_from,
        line_to,
        raw_text,
        bounding_box
    from sentences
)

select * from final
