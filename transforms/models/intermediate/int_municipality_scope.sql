with municipalities as (
    select * from {{ ref('int_municipality') }}
),

final as (
    select
        municipality_code,
        'national' as scope,
        'SE' as scope_code,
        'Sverige' as scope_name
    from municipalities
    union all
    select
        municipality_code,
        'af_region' as scope,
        af_region as scope_code,
        af_region as scope_name
    from municipalities
    union all
    select
        municipality_code,
        'county' as scope,
        county_code as scope_code,
        county as scope_name
    from municipalities
    union all
    select
        municipality_code,
        'fa_region' as scope,
        fa_region_code as scope_code,
        fa_region as scope_name
    from municipalities
    union all
    select
        municipality_code,
        'municipality' as scope,
        municipality_code as scope_code,
        municipality as scope_name
    from municipalities
)

select * from final
