{# How the documents print dates and numbers, and what they mean. #}

{# `200612` is 2020-06-12. #}
{% macro yymmdd(text) -%}
    cast(
        '20' || substr({{ text }}, 1, 2) || '-' || substr({{ text }}, 3, 2) || '-' || substr({{ text }}, 5, 2) as date
    )
{%- endmacro %}

{# `1/12 2020` is 2020-12-01. #}
{% macro day_month_year(text) -%}
    cast(
        {{ extract(text, '([0-9]{4})') }}
        || '-' || lpad({{ extract(text, '/([0-9]+)') }}, 2, '0')
        || '-' || lpad({{ extract(text, '^([0-9]+)') }}, 2, '0') as date
    )
{%- endmacro %}

{# `senast i mars 2021 i enlighet med inriktningsbeslut` is 2021-03-01. #}
{% macro launch_month(text) -%}
    cast(
        {{ extract(text, '([0-9]{4})') }} || '-' || {{ code_of('month', extract(text, '([a-z]+) [0-9]{4}')) }} || '-01'
        as date
    )
{%- endmacro %}

{# `-54%` is -54, `48,8%` is 48.8. #}
{% macro printed_percent(text) -%}
    cast(replace(replace(replace({{ text }}, '%', ''), ',', '.'), '−', '-') as double)
{%- endmacro %}

{# Digits that carry information: 3 for 282 000, 2 for 280 000, 2 for -54, 1 for 0.5; 0 for zero, null for null. #}
{% macro significant_figures(number) -%}
    length(ltrim(replace(rtrim(rtrim(rtrim(cast(abs({{ number }}) as varchar), '0'), '.'), '0'), '.', ''), '0'))
{%- endmacro %}

{# `kvartal 2` of a year is 30 June of it: the quarter's last day, in the year of the day given. #}
{% macro last_day_of_quarter(day_of_year, quarter) -%}
    last_day(
        cast(
            cast(extract(year from {{ day_of_year }}) as varchar)
            || '-' || lpad(cast(cast(3 * {{ quarter }} as bigint) as varchar), 2, '0') || '-01' as date
        )
    )
{%- endmacro %}
