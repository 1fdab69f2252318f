{# Handing tables to an engine and back (docs/scale.md): what the models with the tag `distributed` read, DuckDB writes as
   Parquet, and takes the tables that the engine makes of it in the same way. Called by `orchestration/engine.py`. #}

{# Make the tables that the models read, over files: `tables` has `schema` and `name` as in DuckDB, and `path`. #}
{% macro take_over(tables) %}
    {%- for table in tables %}
        {%- set schema = generate_schema_name(table.schema, none) | trim %}
        {%- do run_query('create schema if not exists ' ~ schema) %}
        {%- do run_query('drop table if exists ' ~ schema ~ '.' ~ table.name) %}
        {%- do run_query(
            'create table ' ~ schema ~ '.' ~ table.name ~ ' using parquet'
            ~ " location '" ~ dbt.escape_single_quotes(table.path) ~ "'"
        ) %}
    {%- endfor %}
{% endmacro %}

{# Write what the engine made below a folder, as Parquet. #}
{% macro hand_back(folder) %}
    {%- for node in graph.nodes.values() if 'distributed' in node.tags and node.config.materialized != 'view' %}
        {%- do run_query(
            "insert overwrite directory '" ~ dbt.escape_single_quotes(folder) ~ "/" ~ node.name ~ "' using parquet select * from "
            ~ node.schema ~ "." ~ node.name
        ) %}
    {%- endfor %}
{% endmacro %}

{# DuckDB takes the table of a model that an engine built from there: every contract, comment and test holds for it as for
   one that DuckDB builds. #}
{% macro duckdb__create_table_as(temporary, relation, compiled_code, language='sql') -%}
    {%- if env_var('NARVARO_ENGINE', 'duckdb') != 'duckdb' and 'distributed' in model.tags %}
        {%- set made = env_var('NARVARO_DATA', '../data') ~ '/build/engine/made/' ~ model.name ~ '/*.parquet' %}
        {%- set compiled_code = "select * from read_parquet('" ~ dbt.escape_single_quotes(made) ~ "')" %}
    {%- endif %}
    {{- dbt.duckdb__create_table_as(temporary, relation, compiled_code, language, **kwargs) }}
{%- endmacro %}
