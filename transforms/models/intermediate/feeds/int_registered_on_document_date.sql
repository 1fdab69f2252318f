-- A month is known once it is over: on its last day the month is one back.
with known_months as (
    select
        documents.document_id,
        {{ months_between('registrations.report_month', 'documents.as_of + 1') }} as months_back,
        registrations.municipality_code,
        registrations.report_month,
        registrations.registered_min,
        registrations.registered_max,
        row_number() over (
            partition by documents.document_id, registrations.municipality_code
            order by registrations.report_month desc
        ) as age_rank
    from {{ ref('stg_documents') }} as documents
    inner join {{ ref('fct_registration') }} as registrations
        on last_day(registrations.report_month) <= documents.as_of
    where registrations.visitor_group = 'all'
),

last_months as (
    select
        document_id,
        municipality_code,
        'registered' as threshold_basis,
        registered_min,
        registered_max,
        report_month as first_month,
        report_month as last_month,
        1 as months
    from known_months
    where age_rank = 1
),

-- Whole months back from the document's date, whether each of them is known or not.
recent_years as (
    select
        document_id,
        municipality_code,
        'mean_registered_of_recent_years' as threshold_basis,
        avg(registered_min) as registered_min,
        avg(registered_max) as registered_max,
        min(report_month) as first_month,
        max(report_month) as last_month,
        count(*) as months
    from known_months
    where months_back <= {{ var('recent_years_months') }}
    group by document_id, municipality_code
    having count(*) >= {{ var('recent_years_months_known') }}
),

final as (
    select * from last_months
    union all
    select * from recent_years
)

select * from final
