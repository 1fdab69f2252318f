with source as (
    select * from {{ source('raw', 'municipalities') }}
),

final as (
    select
        municipality_code,
        municipality,
        county_code,
        county,
        fa_region_code,
        fa_region,
        fa_region_area_share
    from source
)

select * from final
