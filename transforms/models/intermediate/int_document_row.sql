{{ config(materialized='view') }}

{% set tables = [
    'kept_offices',
    'closing_offices',
    'service_centre_rollout',
    'service_centre_notes',
    'network_totals',
    'restaffed_offices',
    'closed_despite_need',
    'competitiveness',
    'visit_rates',
    'criteria',
    'principles',
    'stated_figures',
    'stated_places',
] %}

with final as (
    {% for table in tables %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            source_row_id,
            document_id,
            '{{ table }}' as table_name,
            page,
            line_from,
            line_to,
            raw_text,
            bounding_box
        from {{ ref('stg_' ~ table) }}
    {% endfor %}
)

select * from final
