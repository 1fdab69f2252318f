with closings as (
    select
        closing_offices.office_id,
        closing_offices.closes_on,
        closing_offices.presence_form,
        closing_offices.document_id,
        closing_offices.source_row_id,
        documents.as_of,
        documents.published as known_from
    from {{ ref('stg_closing_offices') }} as closing_offices
    inner join {{ ref('stg_documents') }} as documents
        on closing_offices.document_id = documents.document_id
),

final as (
    select
        office_id,
        closes_on,
        presence_form,
        {{ label_of('presence_form', 'presence_form') }} as presence_form_sv,
        known_from,
        {{ known_to('office_id') }} as known_to,
        document_id,
        source_row_id
    from closings
)

select * from final
