with holders as (
    select
        office_id as holder_id,
        locality,
        municipality_code
    from {{ ref('dim_office') }}
    union all
    select
        service_centre_id as holder_id,
        locality,
        municipality_code
    from {{ ref('dim_service_centre') }}
),

names as (
    select
        holders.holder_id,
        'locality' as place_kind,
        holders.locality as place
    from holders
    union all
    select
        holders.holder_id,
        'municipality' as place_kind,
        municipalities.municipality as place
    from holders
    inner join {{ ref('dim_municipality') }} as municipalities
        on holders.municipality_code = municipalities.municipality_code
    union all
    select
        holders.holder_id,
        'fa_region' as place_kind,
        municipalities.fa_region as place
    from holders
    inner join {{ ref('dim_municipality') }} as municipalities
        on holders.municipality_code = municipalities.municipality_code
),

final as (
    select
        holder_id,
        place_kind,
        {{ slug('place') }} as place_slug
    from names
)

select * from final
