with final as (
    select
        figure_id,
        document_id,
        page,
        line_from,
        as_of,
        topic,
        {{ label_of('topic', 'topic') }} as topic_sv,
        measure,
        counts,
        printed,
        value,
        lower,
        upper,
        unit,
        tolerance,
        {{ label_of('tolerance', 'tolerance') }} as tolerance_sv,
        computed_by,
        reason,
        {{ label_of('reason', 'reason') }} as reason_sv,
        label,
        label_sv,
        source_row_id
    from {{ ref('stg_stated_figures') }}
)

select * from final
