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

final as (
    select
        as_of_dates.as_of,
        case when as_of_dates.as_of > last_observation.observed_until then 'plan' else 'rows' end as basis
    from as_of_dates
    cross join last_observation
)

select * from final
