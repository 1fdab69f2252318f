with collaborations as (
    select
        closing_offices.*,
        municipalities.municipality_code,
        documents.as_of,
        documents.published as known_from
    from {{ ref('stg_closing_offices') }} as closing_offices
    inner join {{ ref('stg_documents') }} as documents
        on closing_offices.document_id = documents.document_id
    left join {{ ref('stg_municipalities') }} as municipalities
        on closing_offices.municipality = municipalities.municipality
    where closing_offices.presence_form = 'collaboration'
),

final as (
    select
        office_id,
        as_of,
        agreement = 'in_use' as in_use,
        agreement,
        {{ label_of('agreement', 'agreement') }} as agreement_sv,
        premises,
        {{ label_of('premises', 'premises') }} as premises_sv,
        municipality_code,
        known_from,
        {{ known_to('office_id, as_of') }} as known_to,
        document_id,
        source_row_id
    from collaborations
)

select * from final
