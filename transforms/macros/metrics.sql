{# The metrics of the kpi tables, as the columns' `config.meta.metric` defines them. #}

{# The columns of a model's primary key, wherever it is declared. #}
{% macro key_columns(node) %}
    {%- set keys = [] %}
    {%- for constraint in node.constraints if constraint.type == 'primary_key' %}
        {%- do keys.extend(constraint.columns) %}
    {%- endfor %}
    {%- for column in node.columns.values() %}
        {%- for constraint in column.constraints if constraint.type == 'primary_key' %}
            {%- do keys.append(column.name) %}
        {%- endfor %}
    {%- endfor %}
    {%- do return(keys) %}
{% endmacro %}

{# The key column that `meta.trace` holds as `as_of`: the one date in the key; none if the key holds no date. #}
{% macro date_column(node) %}
    {%- for name in key_columns(node) if node.columns[name].data_type == 'date' %}
        {%- do return(name) %}
    {%- endfor %}
    {%- do return(none) %}
{% endmacro %}

{# The key columns that `meta.trace` joins in `dimension`: all but the date and the area. #}
{% macro dimension_columns(node) %}
    {%- set names = [] %}
    {%- for name in key_columns(node)
        if name != date_column(node) and name not in ('scope', 'scope_code', 'municipality_code') %}
        {%- do names.append(name) %}
    {%- endfor %}
    {%- do return(names) %}
{% endmacro %}

{# The SQL of a metric that other columns of its row give; none for any other metric. #}
{% macro computed_sql(column) %}
    {%- set metric = column.config.meta.metric %}
    {%- if metric.computed %}
        {%- do return(metric.computed) %}
    {%- elif metric.denominator %}
        {%- set factor = '100.0 * ' if column.config.meta.unit == 'percent' else '1.0 * ' %}
        {%- do return(factor ~ '(' ~ metric.numerator ~ ') / nullif(' ~ metric.denominator ~ ', 0)') %}
    {%- endif %}
    {%- do return(none) %}
{% endmacro %}

{# What a metric is, in Swedish; one that repeats another is what that one is. #}
{% macro definition_sv(column) %}
    {%- set metric = column.config.meta.metric %}
    {%- if metric.same_as %}
        {%- set table, repeated = metric.same_as.split('.') %}
        {%- set column = graph.nodes['model.' ~ project_name ~ '.' ~ table].columns[repeated] %}
    {%- endif %}
    {%- do return(column.config.meta.definition_sv) %}
{% endmacro %}

{# Every metric as a list of SQL literals, in the order of the columns of `meta.metric`. #}
{% macro published_metrics() %}
    {%- set rows = [] %}
    {%- if execute %}
        {%- for node in graph.nodes.values() if node.resource_type == 'model' and node.schema == 'kpi' %}
            {%- set kpi = node.config.meta.kpi %}
            {%- for column in node.columns.values() if column.config.meta.metric is defined %}
                {%- set metric = column.config.meta.metric %}
                {%- set breaks = [] %}
                {%- for each in kpi.breaks or [] if column.name in (each.metrics or [column.name]) %}
                    {%- do breaks.append(each.since ~ ': ' ~ each.text) %}
                {%- endfor %}
                {%- set texts = [
                    'kpi.' ~ node.name,
                    column.name,
                    column.config.meta.sv,
                    column.description | replace('\n', ' '),
                    definition_sv(column),
                    column.config.meta.unit,
                    'One row per' ~ node.description.split('One row per')[-1] | replace('\n', ' '),
                    (metric.scopes or kpi.scopes) | join(', '),
                    metric.counted,
                    computed_sql(column),
                    metric.numerator,
                    metric.denominator,
                    'kpi.' ~ metric.same_as if metric.same_as else none,
                    metric.at,
                    metric.untraced,
                    metric.rows or kpi.rows if metric.counted else none,
                    breaks | join(' ') if breaks else none,
                    kpi.owner,
                ] %}
                {%- set literals = [] %}
                {%- for text in texts %}
                    {%- if text is none or text is undefined %}
                        {%- do literals.append('null') %}
                    {%- else %}
                        {%- do literals.append(dbt.string_literal(dbt.escape_single_quotes(text))) %}
                    {%- endif %}
                {%- endfor %}
                {%- do rows.append(literals) %}
            {%- endfor %}
        {%- endfor %}
    {%- endif %}
    {%- do return(rows | sort(attribute='0,1')) %}
{% endmacro %}
