with as_of_dates as (
    select as_of
    from {{ ref('int_as_of') }}
),

documents as (
    select
        document_id,
        as_of
    from {{ ref('stg_documents') }}
),

cited_documents as (
    select document_id from {{ ref('fct_office_plan') }}
    union distinct
    select document_id from {{ ref('fct_collaboration_state') }}
    union distinct
    select document_id from {{ ref('fct_service_launch') }}
),

last_observation as (
    select max(documents.as_of) as observed_until
    from cited_documents
    inner join documents on cited_documents.document_id = documents.document_id
),

plans as (
    select
        as_of_dates.as_of,
        max(versions.known_from) as plan_known_at
    from as_of_dates
    inner join {{ ref('fct_office_plan') }} as versions on as_of_dates.as_of >= versions.known_from
    group by as_of_dates.as_of
),

final as (
    select
        as_of_dates.as_of,
        plans.plan_known_at,
        case when as_of_dates.as_of > last_observation.observed_until then 'plan' else 'rows' end as basis
    from as_of_dates
    cross join last_observation
    left join plans on as_of_dates.as_of = plans.as_of
)

select * from final
