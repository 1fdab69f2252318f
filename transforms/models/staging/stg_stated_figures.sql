with source as (
    select * from {{ source('raw', 'stated_figures') }}
),

-- A line that states the same measure twice (“from 54 to 54 percent”) gives two figures.
numbered as (
    select
        *,
        row_number() over (partition by document_id, line_from, measure order by source_row_id) as repetition
    from source
),

final as (
    select
        cast(as_of as date) as as_of,
        topic,
        measure,
        counts,
        printed,
        cast(value as double) as value,
        cast(lower as double) as lower,
        cast(upper as double) as upper,
        unit,
        tolerance,
        computed_by,
        reason,
        label,
        label_sv,
        source_row_id,
        document_id,
        page,
        line_from,
        line_to,
        raw_text,
        bounding_box,
        document_id || ':' || line_from || ':' || measure
        || case when repetition > 1 then '.' || repetition else '' end as figure_id
    from numbered
)

select * from final
