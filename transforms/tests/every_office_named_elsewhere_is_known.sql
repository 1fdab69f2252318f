-- Detects offices of Tabell 1, re-staffed offices and closings of Tabell 2 that Bilaga 4 and 5 do not know.
-- A returned row is a row whose office is not found, so that what it says of the office's form is lost.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'dim_office'}}}) }}

with offices as (
    select * from {{ ref('int_office_statement') }}
),

final as (
    select
        closed.office,
        closed.document_id,
        closed.page,
        closed.line_from
    from {{ ref('stg_closed_despite_need') }} as closed
    left join offices
        on closed.office_id = offices.office_id and offices.plan = 'closing'
    where offices.office_id is null
    union all
    select
        restaffed.locality as office,
        restaffed.document_id,
        restaffed.page,
        restaffed.line_from
    from {{ ref('stg_restaffed_offices') }} as restaffed
    left join offices
        on restaffed.locality = offices.locality and offices.plan = 'kept'
    where offices.office_id is null
    union all
    select
        competitiveness.municipality as office,
        competitiveness.document_id,
        competitiveness.page,
        competitiveness.line_from
    from {{ ref('stg_competitiveness') }} as competitiveness
    left join offices
        on competitiveness.municipality = offices.municipality_printed and offices.plan = 'closing'
    where competitiveness.closes_on is not null and offices.office_id is null
)

select * from final
