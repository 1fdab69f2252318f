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
        label_sv,
        statements,
        source_row_id
    from {{ ref('int_stated_figure') }}
    where topic = '{{ topic }}'
{%- endmacro %}

{# The rows behind the kpi table of a topic, as `meta.trace` takes them: the statement that is taken, with its number, and
   every statement of the measure in the document. #}
{% macro stated_figures_trace(topic) -%}
    {% for column in ['value', 'lower', 'upper'] %}
        select
            '{{ column }}' as metric,
            as_of,
            measure || ' / ' || document_id as dimension,
            measure as subject,
            coalesce({{ label_of('measure', 'measure') }}, label_sv) as subject_name,
            {{ column }} as row_value,
            source_row_id
        from {{ ref('int_stated_figure') }}
        where topic = '{{ topic }}' and {{ column }} is not null
        union all
    {% endfor %}
    select
        'statements' as metric,
        as_of,
        measure || ' / ' || document_id as dimension,
        source_row_id as subject,
        coalesce({{ label_of('measure', 'measure') }}, label_sv) as subject_name,
        cast(null as double) as row_value,
        source_row_id
    from {{ ref('stg_stated_figures') }}
    where topic = '{{ topic }}'
{%- endmacro %}
