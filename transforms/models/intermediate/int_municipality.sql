with municipalities as (
    select * from {{ ref('stg_municipalities') }}
),

final as (
    select
        municipalities.municipality_code,
        municipalities.municipality,
        municipalities.county_code,
        municipalities.county,
        municipalities.fa_region_code,
        municipalities.fa_region,
        county_af_region.af_region
    from municipalities
    left join {{ ref('int_county_af_region') }} as county_af_region
        on municipalities.county_code = county_af_region.county_code
)

select * from final
