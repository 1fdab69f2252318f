with source as (
    select * from {{ source('raw', 'readings') }}
),

final as (
    select
        document_id,
        table_name,
        file_name,
        file_sha256,
        received_on,
        rows_received,
        rows_valid,
        rows_quarantined,
        rows_stated,
        lines_read,
        lines_accounted
    from source
)

select * from final
