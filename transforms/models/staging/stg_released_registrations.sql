with source as (
    select * from {{ source('raw', 'released_registrations') }}
),

final as (
    select
        cell,
        layout,
        report_month,
        visitor_group,
        division,
        area,
        place,
        county_code,
        municipality_code,
        registered_min,
        registered_max,
        low,
        high,
        is_open,
        is_closed,
        is_small,
        is_shown,
        delivery_id
    from source
)

select * from final
