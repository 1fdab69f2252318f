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

{# The groups that divide the registered jobseekers between them, so that they add up to `all`, have a division in common;
   a group that overlaps with the others is alone in its own. #}
{% macro group_division(visitor_group) -%}
    case
        when {{ visitor_group }} in ('women', 'men') then 'sex'
        when {{ visitor_group }} in ('born_in_sweden', 'born_abroad') then 'country_of_birth'
        when {{ visitor_group }} like 'age!_%' escape '!' then 'age'
        when {{ visitor_group }} like 'education!_%' escape '!' then 'education'
        else {{ visitor_group }}
    end
{%- endmacro %}
