-- Detects municipalities that a measurable criterion leaves out.
-- A returned row is a criterion of a document and a municipality without an assessment.
{{ config(meta={'dagster': {'ref': {'name': 'criteria'}}}) }}

with measurable_criteria as (
    select
        criterion,
        document_id
    from {{ ref('stg_criteria') }}
    where is_measurable
),

municipalities as (
    select municipality_code
    from {{ ref('dim_municipality') }}
),

final as (
    select
        measurable_criteria.criterion,
        measurable_criteria.document_id,
        municipalities.municipality_code
    from measurable_criteria
    cross join municipalities
    left join {{ ref('criteria') }} as assessments
        on
            measurable_criteria.criterion = assessments.criterion
            and measurable_criteria.document_id = assessments.document_id
            and municipalities.municipality_code = assessments.municipality_code
    where assessments.assessment_id is null
)

select * from final
