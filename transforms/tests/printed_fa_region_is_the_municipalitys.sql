-- Detects rows of Tabell 1 whose printed FA-region is not the FA-region of the office's municipality.
-- A returned row is such a row. Blank cells are not compared: the label stands on one row of a group only.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'dim_municipality'}}}) }}

with final as (
    select
        closed.office,
        closed.fa_region as fa_region_printed,
        municipalities.fa_region,
        closed.document_id,
        closed.page,
        closed.line_from
    from {{ ref('stg_closed_despite_need') }} as closed
    inner join {{ ref('dim_office') }} as offices
        on closed.office_id = offices.office_id
    inner join {{ ref('dim_municipality') }} as municipalities
        on offices.municipality_code = municipalities.municipality_code
    where closed.fa_region <> municipalities.fa_region
)

select * from final
