{# Rows that a table's grain does not tell apart. Two nulls are the same. #}
{% test is_unique(model, by) %}

select
    {{ by | join(', ') }},
    count(*) as found_rows
from {{ model }}
group by {{ by | join(', ') }}
having count(*) > 1

{% endtest %}
