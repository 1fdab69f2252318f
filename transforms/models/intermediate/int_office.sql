with offices as (
    select * from {{ as_known(ref('int_office_statement')) }} as statements
),

closing_forms as (
    select * from {{ ref('int_closing_office_form') }}
),

-- An office that no document until the first whole plan names is a new one.
beginnings as (
    select
        office_id,
        min(coalesce(decided_on, known_from)) as added_on
    from {{ ref('int_office_statement') }}
    group by office_id
    having min(case when is_after_first_plan then 1 else 0 end) = 1
),

final as (
    select
        offices.office_id,
        offices.office,
        offices.locality,
        offices.municipality_printed,
        offices.county_printed,
        offices.af_region,
        offices.removed_on,
        beginnings.added_on,
        closing_forms.known_from as form_known_from,
        offices.decided_on,
        offices.closes_on,
        offices.presence_form,
        offices.service_centre_in_locality,
        offices.document_id,
        offices.source_row_id,
        offices.page,
        offices.line_from,
        offices.municipality_code,
        municipalities.county,
        case when offices.removed_on is null then offices.plan end as plan,
        coalesce(offices.form, closing_forms.form) as form,
        case when offices.plan = 'kept' then offices.source_row_id else closing_forms.source_row_id end
            as form_source_row_id
    from offices
    left join closing_forms
        on offices.office_id = closing_forms.office_id and offices.plan = 'closing'
    left join {{ ref('stg_municipalities') }} as municipalities
        on offices.municipality_code = municipalities.municipality_code
    left join beginnings on offices.office_id = beginnings.office_id
)

select * from final
