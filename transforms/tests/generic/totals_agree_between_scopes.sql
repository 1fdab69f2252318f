{#- Additive measures whose sum over the areas of one scope is not the nation's. A returned row is one set of `by` with
    the difference of each measure. A null is unknown, and unknown on one side only is a difference too. -#}
{% test totals_agree_between_scopes(model, by, measures, scope='county') %}

with nation as (
    select
        {{ by | join(', ') }},
        {{ measures | join(', ') }}
    from {{ model }}
    where scope = 'national'
),

areas as (
    select
        {{ by | join(', ') }}
        {%- for measure in measures %},
        sum({{ measure }}) as {{ measure }}
        {%- endfor %}
    from {{ model }}
    where scope = '{{ scope }}'
    group by {{ by | join(', ') }}
),

final as (
    select
        {%- for column in by %}
        coalesce(nation.{{ column }}, areas.{{ column }}) as {{ column }},
        {%- endfor %}
        {%- for measure in measures %}
        areas.{{ measure }} - nation.{{ measure }} as {{ measure }}{{ ',' if not loop.last }}
        {%- endfor %}
    from nation
    full outer join areas
        on
            {%- for column in by %}
            {{ 'and ' if not loop.first }}nation.{{ column }} = areas.{{ column }}
            {%- endfor %}
    where
        {%- for measure in measures %}
        {{ 'or ' if not loop.first }}nation.{{ measure }} is distinct from areas.{{ measure }}
        {%- endfor %}
)

select * from final

{% endtest %}
