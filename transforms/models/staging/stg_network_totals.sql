with source as (
    select * from {{ source('raw', 'network_totals') }}
),

final as (
    select
        "Arbetsförmedlingens kontorsnät" as measure_printed,
        {{ code_of('network_total', '"Arbetsförmedlingens kontorsnät"') }} as measure,
        cast(nullif("Enligt ingången av 2019", '-') as bigint) as offices_start_of_2019,
        cast(nullif("Enligt tidigare beslutad plan (hösten 2019)", '-') as bigint) as offices_plan_2019,
        cast(nullif("Enligt beslutade justeringar i plan (2020)", '-') as bigint) as offices_plan_2020,
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
