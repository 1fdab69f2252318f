with all_rows as (
    {{ stated_figures_trace('channels') }}
),

final as (
    select
        metric,
        as_of,
        dimension,
        cast(null as varchar) as municipality_code,
        subject,
        subject_name,
        row_value,
        source_row_id
    from all_rows
)

select * from final
