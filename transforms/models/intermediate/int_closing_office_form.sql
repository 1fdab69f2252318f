-- What the analysis says of an office's form at the decision of September 2019. Tabell 1 names the office;
-- Tabell 2 names the municipality, which says the same where the municipality closes one office only, as known then.
with forms_by_office as (
    select
        office_id,
        form,
        document_id,
        source_row_id
    from {{ ref('stg_closed_despite_need') }}
    where form is not null
),

municipalities_with_one_closing as (
    select
        documents.document_id,
        statements.municipality_printed,
        max(statements.office_id) as office_id
    from {{ ref('int_office_statement') }} as statements
    inner join {{ ref('stg_documents') }} as documents on {{ is_known('statements', 'documents.published') }}
    where
        statements.plan = 'closing'
        and (statements.removed_on is null or statements.removed_on > documents.published)
    group by documents.document_id, statements.municipality_printed
    having count(*) = 1
),

forms_by_municipality as (
    select
        municipalities_with_one_closing.office_id,
        competitiveness.form,
        competitiveness.document_id,
        competitiveness.source_row_id
    from {{ ref('stg_competitiveness') }} as competitiveness
    inner join municipalities_with_one_closing
        on
            competitiveness.municipality = municipalities_with_one_closing.municipality_printed
            and competitiveness.document_id = municipalities_with_one_closing.document_id
    where competitiveness.form is not null
),

-- The more specific table wins: Tabell 1.
forms as (
    select
        coalesce(forms_by_office.office_id, forms_by_municipality.office_id) as office_id,
        coalesce(forms_by_office.form, forms_by_municipality.form) as form,
        coalesce(forms_by_office.document_id, forms_by_municipality.document_id) as document_id,
        coalesce(forms_by_office.source_row_id, forms_by_municipality.source_row_id) as source_row_id
    from forms_by_office
    full outer join forms_by_municipality on forms_by_office.office_id = forms_by_municipality.office_id
),

final as (
    select
        forms.office_id,
        forms.form,
        documents.published as known_from,
        forms.source_row_id
    from forms
    inner join {{ ref('stg_documents') }} as documents on forms.document_id = documents.document_id
)

select * from final
