with metrics_of_the_graph (
    table_name,
    metric,
    metric_sv,
    definition,
    definition_sv,
    unit,
    grain,
    scopes,
    counted,
    computed,
    numerator,
    denominator,
    same_as,
    same_as_at,
    untraced,
    source_rows,
    method_breaks,
    owned_by
) as (
    values
    {% for metric in published_metrics() %}
        ({{ metric | join(', ') }}),
    {% endfor %}
    -- A list of values cannot be empty.
    (null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null, null)
),

final as (
    select
        cast(table_name as varchar) as table_name,
        cast(metric as varchar) as metric,
        cast(metric_sv as varchar) as metric_sv,
        cast(definition as varchar) as definition,
        cast(definition_sv as varchar) as definition_sv,
        cast(unit as varchar) as unit,
        cast(grain as varchar) as grain,
        cast(scopes as varchar) as scopes,
        cast(counted as varchar) as counted,
        cast(computed as varchar) as computed,
        cast(numerator as varchar) as numerator,
        cast(denominator as varchar) as denominator,
        cast(same_as as varchar) as same_as,
        cast(same_as_at as varchar) as same_as_at,
        cast(untraced as varchar) as untraced,
        cast(source_rows as varchar) as source_rows,
        cast(method_breaks as varchar) as method_breaks,
        cast(owned_by as varchar) as owned_by
    from metrics_of_the_graph
    where table_name is not null
)

select * from final
