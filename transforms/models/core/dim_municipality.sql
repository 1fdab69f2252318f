with final as (
    select
        municipality_code,
        municipality,
        county_code,
        county,
        fa_region_code,
        fa_region,
        af_region
    from {{ ref('int_municipality') }}
)

select * from final
