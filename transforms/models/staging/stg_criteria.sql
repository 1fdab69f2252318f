with source as (
    select * from {{ source('raw', 'criteria') }}
),

final as (
    select
        criterion,
        kind,
        threshold_basis,
        summary,
        summary_sv,
        cast(threshold as bigint) as threshold,
        source_row_id,
        document_id,
        page,
        line_from,
        line_to,
        raw_text,
        bounding_box,
        is_measurable = 'yes' as is_measurable
    from source
)

select * from final
