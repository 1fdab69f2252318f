{# Every column of the published tables as the dbt graph describes it: a list of rows, each a list of SQL literals. #}
{% macro published_columns() %}
    {%- set rows = [] %}
    {%- if execute %}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' %}
            {%- for column in node.columns.values() if node.schema in ('core', 'kpi', 'meta') %}
                {%- set texts = [
                    node.schema,
                    node.name,
                    column.name,
                    column.data_type | upper,
                    column.config.meta.unit,
                    column.description | replace('\n', ' '),
                    column.config.meta.sv,
                ] %}
                {%- set literals = [] %}
                {%- for text in texts %}
                    {%- do literals.append(dbt.string_literal(dbt.escape_single_quotes(text))) %}
                {%- endfor %}
                {%- do rows.append(literals) %}
            {%- endfor %}
        {%- endfor %}
    {%- endif %}
    {%- do return(rows | sort(attribute='0,1')) %}
{% endmacro %}
