-- A delivery is named by its number: the rest of its id is digits of the checksum of its bytes, by which somebody could
-- try what stands in the file.
with source as (
    select * from {{ source('raw', 'registrations') }}
),

final as (
    select
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
        is_suppressed,
        {{ before_hyphen('delivery_id') }} as delivery_id
    from source
)

select * from final
