{# The schema is exactly the one configured: published addresses carry no prefix of the target. In an engine that others use
   too, where nothing is published, all names begin alike. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if target.type == 'duckdb' -%}
        {{ custom_schema_name or target.schema }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name }}
    {%- endif -%}
{%- endmacro %}
