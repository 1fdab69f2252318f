{#- Figures of a kpi table that their own definition does not give: a counted metric from its rows in `meta.trace`, a
    computed one from the other columns of its row, a repeated one from its table. An unknown figure (null) must have no
    rows. A returned row is such a figure, or rows of the trace that belong to no figure. -#}
{% test metrics_are_what_the_trace_says(model) %}

{%- set nodes = [] %}
{%- if execute %}
    {%- for each in graph.nodes.values() if each.resource_type == 'model' and each.name == model.identifier %}
        {%- do nodes.append(each) %}
    {%- endfor %}
{%- endif %}
{%- set node = nodes | first %}
{%- set has_scope = execute and 'scope' in key_columns(node) %}
{%- set has_municipality = execute and 'municipality_code' in key_columns(node) %}
{%- set dimensions = dimension_columns(node) if execute else [] %}
{%- set counted = [] %}

with figures as (
    select
        *,
        {{ date_column(node) if execute and date_column(node) else 'cast(null as date)' }} as key_as_of,
        {% if dimensions -%}
            cast({{ dimensions | join(" as varchar) || ' / ' || cast(") }} as varchar)
        {%- else -%}
            cast(null as varchar)
        {%- endif %} as key_dimension,
        {{ 'scope' if has_scope else "'municipality'" if has_municipality else "'national'" }} as key_scope,
        {{ 'scope_code' if has_scope else 'municipality_code' if has_municipality else "'SE'" }} as key_scope_code
    from {{ model }}
),

scopes as (
    select
        municipality_code,
        scope,
        scope_code
    from {{ ref('dim_municipality_scope') }}
    {% if has_scope -%}
        where scope in ('{{ node.config.meta.kpi.scopes | join("', '") }}')
    {%- else -%}
        where scope = '{{ 'municipality' if has_municipality else 'national' }}'
    {%- endif %}
),

-- A row without a municipality counts for the nation.
traced as (
    select
        trace.metric,
        trace.as_of,
        trace.dimension,
        trace.municipality_code,
        municipalities.fa_region_code,
        trace.subject,
        trace.row_value,
        coalesce(scopes.scope, 'national') as scope,
        coalesce(scopes.scope_code, 'SE') as scope_code
    from {{ ref('trace') }} as trace
    left join scopes on trace.municipality_code = scopes.municipality_code
    left join {{ ref('dim_municipality') }} as municipalities
        on trace.municipality_code = municipalities.municipality_code
    where trace.table_name = 'kpi.{{ model.identifier }}'
),

claims as (
    select
        cast(null as varchar) as metric,
        cast(null as date) as key_as_of,
        cast(null as varchar) as key_dimension,
        cast(null as varchar) as key_scope,
        cast(null as varchar) as key_scope_code,
        cast(null as varchar) as figure,
        cast(null as varchar) as by_definition,
        cast(null as bigint) as traced_rows
    from figures
    where false
    {%- for column in (node.columns.values() if execute else []) if column.config.meta.metric is defined %}
        {%- set metric = column.config.meta.metric %}
        {%- if column.data_type in ('varchar', 'date', 'boolean') %}
            {%- set shown = ['cast(', ' as varchar)'] %}
        {%- else %}
            {%- set shown = ['cast(round(cast(', ' as double), 9) as varchar)'] %}
        {%- endif %}
        {%- if metric.counted %}
            {%- do counted.append(column.name) %}
    union all
    select
        '{{ column.name }}',
        figures.key_as_of,
        figures.key_dimension,
        figures.key_scope,
        figures.key_scope_code,
        {{ shown | join('figures.figure') }},
        {{ shown | join('(' ~ metric.counted ~ ')') }},
        count(traced.subject)
    from (
        select
            {{ column.name }} as figure,
            key_as_of,
            key_dimension,
            key_scope,
            key_scope_code
        from figures
    ) as figures
    left join traced
        on
            traced.metric = '{{ column.name }}'
            and figures.key_as_of is not distinct from traced.as_of
            and figures.key_dimension is not distinct from traced.dimension
            and figures.key_scope = traced.scope
            and figures.key_scope_code = traced.scope_code
    {% if has_scope -%}
        where figures.key_scope in ('{{ (metric.scopes or node.config.meta.kpi.scopes) | join("', '") }}')
    {%- endif %}
    group by all
        {%- elif metric.same_as %}
            {%- set origin = metric.same_as.split('.') %}
            {%- set origin_node = graph.nodes['model.narvaro.' ~ origin[0]] %}
    union all
    select
        '{{ column.name }}',
        figures.key_as_of,
        figures.key_dimension,
        figures.key_scope,
        figures.key_scope_code,
        {{ shown | join('figures.' ~ column.name) }},
        case
            when max(case when origin.{{ origin[1] }} = figures.{{ column.name }} then 1 end) = 1
                then {{ shown | join('figures.' ~ column.name) }}
            else {{ shown | join('max(origin.' ~ origin[1] ~ ')') }}
        end,
        0
    from figures
    inner join {{ origin_node.relation_name }} as origin
        on
            figures.{{ metric.at }} = origin.{{ date_column(origin_node) }}
            {% if 'scope' in key_columns(origin_node) -%} and origin.scope = 'national' {%- endif %}
    group by
        figures.key_as_of, figures.key_dimension, figures.key_scope, figures.key_scope_code, figures.{{ column.name }}
        {%- elif computed_sql(column) %}
    union all
    select
        '{{ column.name }}',
        key_as_of,
        key_dimension,
        key_scope,
        key_scope_code,
        {{ shown | join(column.name) }},
        {{ shown | join('(' ~ computed_sql(column) ~ ')') }},
        0
    from figures
        {%- endif %}
    {%- endfor %}
),

unclaimed as (
    select
        metric,
        as_of as key_as_of,
        dimension as key_dimension,
        scope as key_scope,
        scope_code as key_scope_code,
        cast(null as varchar) as figure,
        cast(null as varchar) as by_definition,
        count(*) as traced_rows
    from traced
    where
        not exists (
            select 1
            from figures
            where
                figures.key_as_of is not distinct from traced.as_of
                and figures.key_dimension is not distinct from traced.dimension
                and figures.key_scope = traced.scope
                and figures.key_scope_code = traced.scope_code
        )
        or metric not in ('{{ counted | join("', '") }}')
    group by all
),

final as (
    select *
    from claims
    where figure is distinct from by_definition and not (figure is null and traced_rows = 0)
    union all
    select * from unclaimed
)

select * from final

{% endtest %}
