-- Detects counties that office rows put into several AF regions, or into none.
-- A returned row is an office row of a county with several regions, or a county without office rows.
{{ config(meta={'dagster': {'ref': {'name': 'int_county_af_region'}}}) }}

with counties as (
    select distinct
        county_code,
        county
    from {{ ref('stg_municipalities') }}
),

regions_per_county as (
    select
        county_code,
        count(*) as af_regions
    from {{ ref('int_county_af_region') }}
    group by county_code
),

final as (
    select
        counties.county,
        offices.af_region,
        offices.office,
        offices.document_id,
        offices.page,
        offices.line_from
    from counties
    left join regions_per_county
        on counties.county_code = regions_per_county.county_code
    left join {{ ref('int_office') }} as offices
        on counties.county_code = substr(offices.municipality_code, 1, 2)
    where coalesce(regions_per_county.af_regions, 0) <> 1
)

select * from final
