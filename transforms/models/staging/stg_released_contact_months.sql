with source as (
    select * from {{ source('raw', 'released_contact_months') }}
),

final as (
    select report_month
    from source
)

select * from final
