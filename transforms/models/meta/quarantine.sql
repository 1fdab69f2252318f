with document_rows as (
    select
        source_row_id,
        document_id,
        table_name,
        rule,
        reason,
        value,
        cast(1 as bigint) as "rows",
        first_seen
    from {{ ref('stg_quarantine') }}
),

-- Rows of a feed may be refused by the million: they are counted, and no value of theirs is published. Each row of
-- contacts is a contact.
feed_rows as (
    select
        delivery_id || ':' || table_name || ':' || rule as source_row_id,
        cast(null as varchar) as document_id,
        table_name,
        rule,
        reason,
        cast(null as varchar) as value,
        case when table_name != 'contacts' or not ({{ is_small('"rows"', 'contacts') }}) then "rows" end as "rows",
        received_on as first_seen
    from {{ ref('stg_feed_quarantine') }}
),

final as (
    select * from document_rows
    union all
    select * from feed_rows
)

select * from final
