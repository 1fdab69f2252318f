with appendix_rows as (
    select
        municipality,
        county,
        af_region,
        source_row_id,
        line_from
    from {{ ref('stg_kept_offices') }}
    union all
    select
        municipality,
        county,
        af_region,
        source_row_id,
        line_from
    from {{ ref('stg_closing_offices') }}
),

fa_region_rows as (
    select
        municipalities.municipality,
        closed.fa_region,
        closed.source_row_id,
        closed.line_from
    from {{ ref('stg_closed_despite_need') }} as closed
    inner join {{ ref('dim_office') }} as offices
        on closed.office_id = offices.office_id
    inner join {{ ref('dim_municipality') }} as municipalities
        on offices.municipality_code = municipalities.municipality_code
    where closed.fa_region is not null
),

answers as (
    select
        municipality as group_name,
        municipality as subject,
        'county' as attribute,
        -- Bilaga 4 prints `Norrbottens län`, Bilaga 5 `Norrbotten`.
        regexp_replace(county, 's? län$', '') as value,
        county as printed,
        source_row_id,
        line_from
    from appendix_rows
    union all
    select
        municipality as group_name,
        municipality as subject,
        'af_region' as attribute,
        af_region as value,
        af_region as printed,
        source_row_id,
        line_from
    from appendix_rows
    union all
    select
        municipality as group_name,
        municipality as subject,
        'fa_region' as attribute,
        fa_region as value,
        fa_region as printed,
        source_row_id,
        line_from
    from fa_region_rows
),

final as (
    {{ unlike_the_usual('area', 'answers') }}
)

select * from final
