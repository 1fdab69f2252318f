{# Contacts are read from their files month by month, and only if the month's files, or the SQL that reads them, changed. #}

{# What a month was made from: its files, and the SQL of the model. #}
{% macro contact_fingerprint() -%}
    fingerprint || '-{{ local_md5(model.raw_code)[:8] if execute else '' }}'
{%- endmacro %}

{# The months that an incremental model has to make anew, as SQL literals: those whose fingerprint is not the one that
   stands, and those that stand without having files any more. Literals, so that DuckDB opens no other month's files. #}
{% macro changed_contact_months(standing) %}
    {%- set found %}
        with files as (
            select
                report_month,
                {{ contact_fingerprint() }} as fingerprint
            from {{ ref('stg_contact_months') }}
        ),

        standing as (
            select
                report_month,
                fingerprint
            from {{ standing }}
            where fingerprint is not null
        )

        select cast(coalesce(files.report_month, standing.report_month) as varchar)
        from files
        full outer join standing on files.report_month = standing.report_month
        where files.fingerprint is distinct from standing.fingerprint
        order by 1
    {%- endset %}
    {%- set literals = [] %}
    {%- if execute %}
        {%- for month in run_query(found).columns[0].values() %}
            {%- do literals.append("date '" ~ month ~ "'") %}
        {%- endfor %}
    {%- endif %}
    {%- do return(literals) %}
{% endmacro %}
