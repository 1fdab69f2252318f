with criteria as (
    select
        criteria.criterion,
        criteria.is_measurable,
        criteria.threshold,
        criteria.source_row_id,
        documents.as_of,
        criteria.document_id || ':' || criteria.criterion as criterion_of_document
    from {{ ref('stg_criteria') }} as criteria
    inner join {{ ref('stg_documents') }} as documents on criteria.document_id = documents.document_id
),

municipalities as (
    select
        municipality_code,
        municipality,
        fa_region_code
    from {{ ref('dim_municipality') }}
),

threshold_rows as (
    select
        'threshold' as metric,
        municipalities.municipality_code as subject,
        municipalities.municipality as subject_name,
        cast(criteria.threshold as double) as row_value,
        criteria.source_row_id,
        criteria.criterion_of_document || ':' || municipalities.municipality_code as assessment_id
    from criteria
    cross join municipalities
    where criteria.is_measurable and criteria.threshold is not null
),

staffed_offices as (
    select
        office_presence.as_of,
        office_presence.office_id,
        offices.office,
        municipalities.municipality_code,
        municipalities.fa_region_code,
        offices.source_row_id,
        office_presence.form_source_row_id
    from {{ ref('int_office_presence') }} as office_presence
    inner join {{ ref('dim_office') }} as offices on office_presence.office_id = offices.office_id
    inner join municipalities on office_presence.municipality_code = municipalities.municipality_code
    where office_presence.presence = 'staffed_office'
),

assessed_offices as (
    select
        staffed_offices.office_id,
        staffed_offices.office,
        staffed_offices.source_row_id,
        staffed_offices.form_source_row_id,
        criteria.criterion_of_document || ':' || municipalities.municipality_code as assessment_id
    from criteria
    cross join municipalities
    inner join staffed_offices
        on
            criteria.as_of = staffed_offices.as_of
            and case criteria.criterion
                when 'staffed_office_above_threshold'
                    then municipalities.municipality_code = staffed_offices.municipality_code
                when 'staffed_office_in_fa_region'
                    then municipalities.fa_region_code = staffed_offices.fa_region_code
            end
),

-- An office stands in the row that names it and in the row that gives its form that day: often the same one.
office_rows as (
    select
        assessment_id,
        office_id,
        office,
        source_row_id
    from assessed_offices
    union distinct
    select
        assessment_id,
        office_id,
        office,
        form_source_row_id as source_row_id
    from assessed_offices
    where form_source_row_id is not null
),

all_rows as (
    select * from threshold_rows
    union all
    select
        'staffed' as metric,
        office_id as subject,
        office as subject_name,
        cast(null as double) as row_value,
        source_row_id,
        assessment_id
    from office_rows
),

final as (
    select
        metric,
        cast(null as date) as as_of,
        assessment_id as dimension,
        cast(null as varchar) as municipality_code,
        subject,
        subject_name,
        row_value,
        source_row_id
    from all_rows
)

select * from final
