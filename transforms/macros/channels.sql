{# The channels that are visits: booked and drop-in together are what the documents call visits. #}
{% macro visit_channels() -%}
    'visit_booked', 'visit_drop_in'
{%- endmacro %}
