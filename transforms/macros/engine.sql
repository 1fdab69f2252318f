{# What differs between engines stands here: DuckDB's wording of expressions that other engines word otherwise. #}

{# Letters and digits in lower case, every run of other characters as one hyphen: the form of every text id. #}
{% macro slug(text) -%}
    trim(regexp_replace(lower({{ text }}), '[^\p{L}\p{N}]+', '-', 'g'), '-')
{%- endmacro %}

{# The part of a text that the pattern's group holds; null, not an empty text, where there is none. #}
{% macro extract(text, pattern, group=1) -%}
    nullif(regexp_extract({{ text }}, '{{ pattern }}', {{ group }}), '')
{%- endmacro %}

{# One row per day from the first to the last, both included, in column `date_day`. #}
{% macro days(first, last) -%}
    select {{ days_until(first, "date '" ~ last ~ "'") }} as date_day
{%- endmacro %}

{# The same as an expression that makes a row of a relation many; here the last day is SQL. #}
{% macro days_until(first, last) -%}
    cast(unnest(generate_series(date '{{ first }}', {{ last }}, interval 1 day)) as date)
{%- endmacro %}

{# A relation of one row with a column per measure, turned into one row per measure: `measure`, `computed`. #}
{% macro one_row_per_measure(relation) -%}
    select
        measure,
        computed
    from (select cast(columns(*) as double) from {{ relation }}) as doubles
    unpivot include nulls (computed for measure in (columns(*)))
{%- endmacro %}

{# Whole days from one day to another; negative if the second is earlier. #}
{% macro days_between(first, second) -%}
    date_diff('day', {{ first }}, {{ second }})
{%- endmacro %}

{# The middle value; between two middle values, halfway. Nulls do not count; null of nothing. #}
{% macro median(value) -%}
    median({{ value }})
{%- endmacro %}

{# Months from the month of one day to the month of another; negative if the second is earlier. #}
{% macro months_between(first, second) -%}
    date_diff('month', {{ first }}, {{ second }})
{%- endmacro %}

{# The texts of a group in one, in alphabetical order with commas between; null where the group has none. #}
{% macro list_of(text) -%}
    string_agg({{ text }}, ', ' order by {{ text }})
{%- endmacro %}

{# The first day of the month after this one's. #}
{% macro first_of_next_month(day) -%}
    cast(date_trunc('month', {{ day }}) + interval 1 month as date)
{%- endmacro %}

{# The part of a text before the first hyphen. #}
{% macro before_hyphen(text) -%}
    split_part({{ text }}, '-', 1)
{%- endmacro %}

{# A text in which ids of deliveries stand without their checksum's digits. #}
{% macro without_checksums(text) -%}
    regexp_replace({{ text }}, '([0-9]{6})-[0-9a-f]{8}', '\1', 'g')
{%- endmacro %}
