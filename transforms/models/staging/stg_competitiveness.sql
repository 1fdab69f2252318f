with source as (
    select * from {{ source('raw', 'competitiveness') }}
),

final as (
    select
        "Kommuner med" as rank_printed,
        {{ code_of('competitiveness_rank', '"Kommuner med"') }} as competitiveness_rank,
        "Kommun" as municipality,
        {{ printed_percent('"Andel utsatta"') }} / 100 as weaker_competitiveness_share,
        "AF kontor i kommunen" as office_printed,
        cast({{ extract('"AF kontor i kommunen"', '^Kontor stängde ([0-9-]+)') }} as date) as closes_on,
        case
            when "AF kontor i kommunen" like 'Kontor stängde %.*%' then 'travel_to'
            when "AF kontor i kommunen" like 'Kontor stängde %' then 'staffed'
        end as form,
        source_row_id,
        document_id,
        page,
        line_from,
        line_to,
        raw_text
    from source
)

select * from final
