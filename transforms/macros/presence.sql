{# The forms of presence, best first: rows of rank and code for a CTE. #}
{% macro presence_ranks() -%}
    values
    (1, 'staffed_office'),
    (2, 'travel_to_office'),
    (3, 'office_form_unknown'),
    (4, 'collaboration_in_use'),
    (5, 'collaboration_unknown'),
    (6, 'collaboration_not_in_use'),
    (7, 'nearby_office'),
    (8, 'none')
{%- endmacro %}
