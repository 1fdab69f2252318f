with offices as (
    select * from {{ as_known(ref('int_office_statement')) }} as statements
),

closing_forms as (
    select * from {{ ref('int_closing_office_form') }}
),

final as (
    select
        offices.office_id,
        offices.office,
        offices.locality,
        offices.municipality_printed,
        offices.county_printed,
        offices.af_region,
        offices.plan,
        closing_forms.known_from as form_known_from,
        offices.decided_on,
        offices.closes_on,
        offices.presence_form,
        offices.service_centre_in_locality,
        offices.document_id,
        offices.source_row_id,
        offices.page,
        offices.line_from,
        municipalities.municipality_code,
        municipalities.county,
        coalesce(offices.form, closing_forms.form) as form,
        case when offices.plan = 'kept' then offices.source_row_id else closing_forms.source_row_id end
            as form_source_row_id
    from offices
    left join closing_forms
        on offices.office_id = closing_forms.office_id and offices.plan = 'closing'
    left join {{ ref('stg_municipalities') }} as municipalities
        on offices.municipality_printed = municipalities.municipality
)

select * from final
