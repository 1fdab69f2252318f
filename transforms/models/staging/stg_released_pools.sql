with source as (
    select * from {{ source('raw', 'released_pools') }}
),

final as (
    select
        subject,
        report_month,
        cell,
        number,
        pool
    from source
)

select * from final
