with refused as (
    select
        source_row_id,
        document_id,
        table_name,
        rule,
        reason,
        value,
        first_seen
    from {{ ref('stg_quarantine') }}
),

final as (
    select
        source_row_id,
        document_id,
        table_name,
        rule,
        reason,
        value,
        cast(1 as bigint) as "rows",
        first_seen
    from refused
)

select * from final
