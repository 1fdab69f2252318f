-- Both numbers of a share come from one layout: the two workbooks of AF count different jobseekers.
with municipalities as (
    select
        municipality_code,
        report_month,
        sum(case when visitor_group = 'weaker_competitiveness' then registered_min end) as weaker_min,
        sum(case when visitor_group = 'weaker_competitiveness' then registered_max end) as weaker_max,
        sum(case when visitor_group = 'all' then registered_min end) as all_min,
        sum(case when visitor_group = 'all' then registered_max end) as all_max
    from {{ ref('int_registration') }}
    where layout = 'af_competitiveness' and area = 'municipality'
    group by municipality_code, report_month
),

known_months as (
    select
        documents.document_id,
        municipalities.municipality_code,
        municipalities.report_month,
        1.0 * municipalities.weaker_min / nullif(municipalities.all_min, 0) as weaker_competitiveness_share,
        row_number() over (
            partition by documents.document_id, municipalities.municipality_code
            order by municipalities.report_month desc
        ) as age_rank
    from {{ ref('stg_documents') }} as documents
    inner join municipalities on last_day(municipalities.report_month) <= documents.as_of
    where municipalities.weaker_min = municipalities.weaker_max and municipalities.all_min = municipalities.all_max
),

final as (
    select
        document_id,
        municipality_code,
        report_month,
        weaker_competitiveness_share
    from known_months
    where age_rank = 1 and weaker_competitiveness_share is not null
)

select * from final
