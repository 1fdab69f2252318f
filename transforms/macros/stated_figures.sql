{# The figures of one topic as a kpi table publishes them, one row per measure, as-of date and document. #}
{% macro stated_figures_of(topic) -%}
    select
        measure,
        {{ label_of('measure', 'measure') }} as measure_sv,
        as_of,
        document_id,
        'stated' as basis,
        {{ label_of('basis', "'stated'") }} as basis_sv,
        value,
        lower,
        upper,
        unit,
        {{ label_of('unit', 'unit') }} as unit_sv,
        counts,
        tolerance,
        {{ label_of('tolerance', 'tolerance') }} as tolerance_sv,
        label,
        statements,
        source_row_id
    from {{ ref('int_stated_figure') }}
    where topic = '{{ topic }}'
{%- endmacro %}
