with source as (
    select * from {{ source('raw', 'contact_months') }}
),

final as (
    select
        report_month,
        fingerprint
    from source
)

select * from final
