-- Both numbers of a share come from one layout: the two workbooks of AF count different jobseekers. A share would tell
-- a number that is withheld.
with municipalities as (
    select
        municipality_code,
        report_month,
        sum(case when visitor_group = 'weaker_competitiveness' then registered_min end) as weaker,
        sum(case when visitor_group = 'all' then registered_min end) as everybody,
        bool_and(is_open) as is_open
    from {{ ref('int_registration_cell') }}
    where
        layout = 'af_competitiveness'
        and area = 'municipality'
        and not is_hidden
        and visitor_group in ('weaker_competitiveness', 'all')
    group by municipality_code, report_month
),

known_months as (
    select
        documents.document_id,
        municipalities.municipality_code,
        municipalities.report_month,
        1.0 * municipalities.weaker / nullif(municipalities.everybody, 0) as weaker_competitiveness_share,
        row_number() over (
            partition by documents.document_id, municipalities.municipality_code
            order by municipalities.report_month desc
        ) as age_rank
    from {{ ref('stg_documents') }} as documents
    inner join municipalities on last_day(municipalities.report_month) <= documents.as_of
    where municipalities.is_open and municipalities.weaker is not null and municipalities.everybody is not null
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
