with named as (
    select
        stated_places.subject as unit,
        place_municipality.municipality_code,
        stated_places.place,
        stated_places.as_of,
        stated_places.document_id,
        stated_places.source_row_id,
        count(*) over (partition by stated_places.subject, place_municipality.municipality_code) as statements,
        row_number() over (
            partition by stated_places.subject, place_municipality.municipality_code
            order by documents.published desc, stated_places.line_from asc, stated_places.source_row_id asc
        ) as statement_rank
    from {{ ref('stg_stated_places') }} as stated_places
    inner join {{ ref('stg_documents') }} as documents on stated_places.document_id = documents.document_id
    inner join {{ ref('int_place_municipality') }} as place_municipality
        on stated_places.place = place_municipality.place
    where stated_places.place_list = 'unit_municipality'
),

final as (
    select
        named.unit,
        named.municipality_code,
        municipalities.municipality,
        named.place as place_printed,
        named.as_of,
        named.statements,
        named.document_id,
        named.source_row_id
    from named
    inner join {{ ref('dim_municipality') }} as municipalities
        on named.municipality_code = municipalities.municipality_code
    where named.statement_rank = 1
)

select * from final
