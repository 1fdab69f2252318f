with source as (
    select * from {{ source('raw', 'competitiveness') }}
),

-- What came instead of a closed office, as of October 2020.
sentences as (
    select
        *,
        {{ extract('"AF kontor i kommunen"', '^Kontor stängde [^ ]+ (.*?)( [(]okt 2020[)])?[.]?$') }}
            as presence_sentence
    from source
),

final as (
    select
        "Kommuner med" as rank_printed,
        {{ code_of('competitiveness_rank', '"Kommuner med"') }} as competitiveness_rank,
        "Kommun" as municipality,
        {{ printed_percent('"Andel utsatta"') }} / 100 as weaker_competitiveness_share,
        "AF kontor i kommunen" as office_printed,
        {{ code_of('office_answer', extract('"AF kontor i kommunen"', '^(Ja|Nej, kontor fanns ej|Kontor stängde)')) }}
            as plan,
        cast({{ extract('"AF kontor i kommunen"', '^Kontor stängde ([0-9-]+)') }} as date) as closes_on,
        case
            when "AF kontor i kommunen" like 'Kontor stängde %.*%' then 'travel_to'
            when "AF kontor i kommunen" like 'Kontor stängde %' then 'staffed'
        end as form,
        coalesce(
            {{ code_of('presence_form', 'presence_sentence') }},
            case when {{ code_of('agreement', 'presence_sentence') }} is not null then 'collaboration' end
        ) as presence_form,
        {{ code_of('agreement', 'presence_sentence') }} as agreement,
        {{ code_of('premises', 'presence_sentence') }} as premises,
        coalesce(presence_sentence like '%(ej SSC)%', false) as is_outside_service_centre,
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
