with source as (
    select * from {{ source('raw', 'visit_rates') }}
),

final as (
    select
        "Grupp" as visitor_group_printed,
        {{ code_of('visitor_group', '"Grupp"') }} as visitor_group,
        cast("Januari 2019" as double) as visits_per_100_2019_01,
        cast("Januari 2020" as double) as visits_per_100_2020_01,
        {{ printed_percent('"Förändring"') }} as printed_change_pct,
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
