{% set families = [
    'plan',
    'network',
    'geography',
    'collaborations',
    'rollout',
    'places',
    'criteria',
    'competitiveness',
    'visits',
    'derived',
] %}

with final as (
    {% for family in families %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            '{{ family }}' as computed_by,
            measure,
            computed
        from {{ ref('computed_' ~ family) }}
    {% endfor %}
)

select * from final
