{# The rules by which counts of persons and contacts are withheld, and how withheld cells add up. docs/disclosure.md
   gives the reasons. #}

{# The largest count that is small: from 1 to this one a count is withheld. Set by subject in dbt_project.yml. #}
{% macro small_count_max(subject) -%}
    {{ var('small_count_max')[subject] }}
{%- endmacro %}

{# Whether a count is small. #}
{% macro is_small(number, subject) -%}
    {{ number }} between 1 and {{ small_count_max(subject) }}
{%- endmacro %}

{# What a figure says of itself: a number, withheld, not known, or (`has_meaning` is false) nothing that could be known. #}
{% macro figure_status(number, lower_bound, has_meaning='true') -%}
    case
        when not ({{ has_meaning }}) then 'not_applicable'
        when {{ number }} is not null then 'value'
        when {{ lower_bound }} is not null then 'suppressed'
        else 'missing'
    end
{%- endmacro %}

{# CTEs, the last of which, `pooled`, is the relation with a column `pool`: the withheld cells whose sum may be known.
   `units` are columns `of_…` of the relation, the first ones to be tried first; a null belongs to no unit. Each cell stands
   in one pool at most. Of a unit's cells that no earlier unit took, all make a pool, if each of them can still be anything
   from its `low` to its `high` when their sum is known; else they are left to the next unit. #}
{% macro pools(relation, units) -%}
step_0 as (
    select
        *,
        cast(null as string) as pool_0
    from {{ relation }}
)
    {%- for unit in units %}
,

step_{{ loop.index }} as (
    select
        *,
        case
            when pool_{{ loop.index - 1 }} is not null or {{ unit }} is null then pool_{{ loop.index - 1 }}
            when
                count(*) over unit_cells > 1
                and sum(number) over unit_cells - sum(low) over unit_cells >= max(high - low) over unit_cells
                and sum(high) over unit_cells - sum(number) over unit_cells >= max(high - low) over unit_cells
                then '{{ unit[3:] }} ' || {{ unit }}
        end as pool_{{ loop.index }}
    from step_{{ loop.index - 1 }}
    window unit_cells as (partition by {{ unit }}, pool_{{ loop.index - 1 }} is null)
)
    {%- endfor %}
,

pooled as (
    select
        *,
        pool_{{ units | length }} as pool
    from step_{{ units | length }}
)
{%- endmacro %}

{# A sum of means as a whole number, halves away from zero: rounded twice, since what should be a half is a little more or
   less, by the order in which it was added. #}
{% macro rounded(sum_of_means) -%}
    round(round({{ sum_of_means }}, 6))
{%- endmacro %}

{# Bounds and expectation of the sum of some cells of a pool, from the sums over these (`part`) and over all (`whole`). #}
{% macro part_of_pool_min(part, whole) -%}
    greatest({{ part }}.low, {{ whole }}.number - ({{ whole }}.high - {{ part }}.high))
{%- endmacro %}

{% macro part_of_pool_max(part, whole) -%}
    least({{ part }}.high, {{ whole }}.number - ({{ whole }}.low - {{ part }}.low))
{%- endmacro %}
