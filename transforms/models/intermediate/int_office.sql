with kept_offices as (
    select
        office_id,
        office,
        locality,
        municipality as municipality_printed,
        county as county_printed,
        af_region,
        'kept' as plan,
        form,
        source_row_id as form_source_row_id,
        decided_on,
        cast(null as date) as closes_on,
        cast(null as varchar) as presence_form,
        cast(null as boolean) as service_centre_in_locality,
        document_id,
        source_row_id,
        page,
        line_from
    from {{ ref('stg_kept_offices') }}
),

closing_offices as (
    select * from {{ ref('stg_closing_offices') }}
),

-- What the analysis says of an office's form at the decision of September 2019. Tabell 1 names the office;
-- Tabell 2 names the municipality, which says the same where the municipality closes one office only.
forms_by_office as (
    select
        office_id,
        form,
        source_row_id
    from {{ ref('stg_closed_despite_need') }}
),

municipalities_with_one_closing as (
    select
        municipality,
        max(office_id) as office_id
    from closing_offices
    group by municipality
    having count(*) = 1
),

forms_by_municipality as (
    select
        municipalities_with_one_closing.office_id,
        competitiveness.form,
        competitiveness.source_row_id
    from {{ ref('stg_competitiveness') }} as competitiveness
    inner join municipalities_with_one_closing
        on competitiveness.municipality = municipalities_with_one_closing.municipality
    where competitiveness.form is not null
),

-- The more specific table wins: Tabell 1.
closing_offices_with_form as (
    select
        closing_offices.office_id,
        closing_offices.office,
        closing_offices.locality,
        closing_offices.municipality as municipality_printed,
        closing_offices.county as county_printed,
        closing_offices.af_region,
        'closing' as plan,
        coalesce(forms_by_office.form, forms_by_municipality.form) as form,
        coalesce(forms_by_office.source_row_id, forms_by_municipality.source_row_id) as form_source_row_id,
        cast(null as date) as decided_on,
        closing_offices.closes_on,
        closing_offices.presence_form,
        closing_offices.service_centre_in_locality,
        closing_offices.document_id,
        closing_offices.source_row_id,
        closing_offices.page,
        closing_offices.line_from
    from closing_offices
    left join forms_by_office
        on closing_offices.office_id = forms_by_office.office_id
    left join forms_by_municipality
        on closing_offices.office_id = forms_by_municipality.office_id
),

offices as (
    select * from kept_offices
    union all
    select * from closing_offices_with_form
),

final as (
    select
        offices.*,
        municipalities.municipality_code,
        municipalities.county
    from offices
    left join {{ ref('stg_municipalities') }} as municipalities
        on offices.municipality_printed = municipalities.municipality
)

select * from final
