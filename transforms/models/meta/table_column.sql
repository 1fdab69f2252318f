with columns_of_the_graph (
    schema_name,
    table_name,
    column_name,
    data_type,
    unit,
    description,
    description_sv
) as (
    values
    {% for column in published_columns() %}
        ({{ column | join(', ') }}),
    {% endfor %}
    -- A list of values cannot be empty.
    (null, null, null, null, null, null, null)
),

final as (
    select
        cast(schema_name as varchar) as schema_name,
        cast(table_name as varchar) as table_name,
        cast(column_name as varchar) as column_name,
        cast(data_type as varchar) as data_type,
        cast(unit as varchar) as unit,
        cast(description as varchar) as description,
        cast(description_sv as varchar) as description_sv
    from columns_of_the_graph
    where table_name is not null
)

select * from final
