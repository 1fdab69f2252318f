with source as (
    select * from {{ source('raw', 'registrations') }}
),

final as (
    select
        delivery_id,
        delivery_number,
        layout,
        sheet,
        row_number,
        report_month,
        area,
        county_code,
        municipality_code,
        visitor_group,
        registered_min,
        registered_max,
        is_suppressed
    from source
)

select * from final
