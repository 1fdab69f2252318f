{# A group's Swedish label: by the seed `labels`, and for ages that no label foresees from the code itself,
   `age_16_19` → `16–19 år`. #}
{% macro visitor_group_sv(visitor_group) -%}
    coalesce(
        {{ label_of('visitor_group', visitor_group) }},
        {{ extract(visitor_group, '^age_([0-9]+)_[0-9]+$') }}
        || '–' || {{ extract(visitor_group, '^age_[0-9]+_([0-9]+)$') }} || ' år',
        {{ visitor_group }}
    )
{%- endmacro %}
