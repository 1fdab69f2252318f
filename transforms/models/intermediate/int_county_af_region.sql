with offices as (
    select * from {{ ref('int_office') }}
),

final as (
    select
        af_region,
        substr(municipality_code, 1, 2) as county_code,
        count(*) as offices
    from offices
    where municipality_code is not null
    group by all
)

select * from final
