{% set tables = [
    'overview',
    'presence',
    'municipality_presence',
    'presence_gap',
    'presence_gap_by_scope',
    'office_plan',
    'agreement_completion',
    'service_centre_rollout',
    'visit_change',
    'visit_need',
    'visits',
    'criteria',
    'rollout_slippage',
    'launch_slippage',
    'cooperation',
    'principles',
    'channels',
    'resources',
] %}

with final as (
    {% for table in tables %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            'kpi.{{ table }}' as table_name,
            metric,
            as_of,
            dimension,
            municipality_code,
            subject,
            subject_name,
            row_value,
            source_row_id
        from {{ ref('int_trace_' ~ table) }}
    {% endfor %}
)

select * from final
