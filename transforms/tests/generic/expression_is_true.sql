{# Rows for which an identity of one table does not hold. A null counts as not holding. #}
{% test expression_is_true(model, expression) %}

select *
from {{ model }}
where not coalesce({{ expression }}, false)

{% endtest %}
