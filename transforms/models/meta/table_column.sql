with final as (
    select
        cast(null as varchar) as schema_name,
        cast(null as varchar) as table_name,
        cast(null as varchar) as column_name,
        cast(null as varchar) as data_type,
        cast(null as varchar) as unit,
        cast(null as varchar) as description,
        cast(null as varchar) as description_sv
    where false
    {% for column in published_columns() %}
        union all
        select {{ column | join(', ') }}
    {% endfor %}
)

select * from final
