{% set kinds = [
    'office_plan',
    'closing_date',
    'status_date',
    'service_centre',
    'coding',
    'nearby_office',
    'named_place',
    'launch',
    'readiness',
    'office_form',
    'area',
    'stated_figure',
    'criterion',
] %}

with contradictions as (
    {% for kind in kinds %}
        {% if not loop.first %}
            union all
        {% endif %}
        select
            kind,
            subject,
            attribute,
            value_a,
            source_a,
            value_b,
            source_b
        from {{ ref('int_conflict_' ~ kind) }}
    {% endfor %}
),

source_rows as (
    select
        source_row.source_row_id,
        source_row.document_id,
        source_row.table_name,
        documents.as_of
    from {{ ref('source_row') }} as source_row
    inner join {{ ref('stg_documents') }} as documents
        on source_row.document_id = documents.document_id
),

attribute_tables as (
    select
        attribute,
        table_name
    from {{ ref('attribute_tables') }}
),

both_sources as (
    select
        contradictions.*,
        rows_a.document_id as document_a,
        rows_b.document_id as document_b,
        rows_a.as_of as as_of_a,
        rows_b.as_of as as_of_b,
        tables_a.table_name is not null as is_specific_a,
        tables_b.table_name is not null as is_specific_b
    from contradictions
    left join source_rows as rows_a
        on contradictions.source_a = rows_a.source_row_id
    left join source_rows as rows_b
        on contradictions.source_b = rows_b.source_row_id
    left join attribute_tables as tables_a
        on contradictions.attribute = tables_a.attribute and rows_a.table_name = tables_a.table_name
    left join attribute_tables as tables_b
        on contradictions.attribute = tables_b.attribute and rows_b.table_name = tables_b.table_name
),

-- The later document wins; within one day the table whose subject the attribute is.
decided as (
    select
        *,
        case
            when as_of_a > as_of_b then 'a'
            when as_of_b > as_of_a then 'b'
            when is_specific_a and not is_specific_b then 'a'
            when is_specific_b and not is_specific_a then 'b'
            else 'neither'
        end as winner,
        case
            when as_of_a != as_of_b then 'later_document'
            when is_specific_a != is_specific_b then 'more_specific_table'
            else 'undecided'
        end as rule
    from both_sources
),

final as (
    select
        kind || ':' || {{ slug('subject') }} || ':' || attribute || ':' || source_a || ':' || source_b as conflict_id,
        kind,
        {{ label_of('conflict_kind', 'kind') }} as kind_sv,
        subject,
        attribute,
        {{ label_of('attribute', 'attribute') }} as attribute_sv,
        value_a,
        source_a,
        document_a,
        value_b,
        source_b,
        document_b,
        winner,
        rule,
        {{ label_of('conflict_rule', 'rule') }} as rule_sv
    from decided
)

select * from final
