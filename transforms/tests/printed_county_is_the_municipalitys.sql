-- Detects appendix rows whose printed county is not the county of their municipality.
-- A returned row is such a row; the geography's county is the one that counts.
{{ config(severity='warn') }}

with offices as (
    select
        office,
        municipality_printed,
        county_printed,
        county,
        document_id,
        page,
        line_from
    from {{ ref('int_office') }}
),

-- Bilaga 4 prints `Norrbottens län`, Bilaga 5 `Norrbotten`.
final as (
    select *
    from offices
    where regexp_replace(county_printed, 's? län$', '') <> regexp_replace(county, 's? län$', '')
)

select * from final
