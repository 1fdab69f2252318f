with schedules as (
    select
        service_centre_id,
        launch_month,
        is_latest_month,
        document_id,
        source_row_id
    from {{ ref('fct_service_launch') }}
),

-- What Tabell 1 of the analysis says of service centres at the places of closed offices.
named_with_offices as (
    select
        service_centres.service_centre_id,
        closed.service_launch_month as launch_month,
        false as is_latest_month,
        closed.document_id,
        closed.source_row_id
    from {{ ref('stg_closed_despite_need') }} as closed
    inner join {{ ref('dim_office') }} as offices on closed.office_id = offices.office_id
    inner join {{ ref('dim_service_centre') }} as service_centres
        on
            offices.locality = service_centres.locality
            and offices.municipality_code = service_centres.municipality_code
    where closed.service_launch_month is not null
),

statements as (
    select * from schedules
    union all
    select * from named_with_offices
),

-- Each document beside the one before it that gives a month for the centre.
versions as (
    select
        statements.*,
        lag(statements.document_id) over earlier as earlier_document_id,
        lag(statements.launch_month) over earlier as earlier_launch_month,
        lag(statements.is_latest_month) over earlier as earlier_is_latest_month,
        lag(statements.source_row_id) over earlier as earlier_source_row_id
    from statements
    inner join {{ ref('stg_documents') }} as documents on statements.document_id = documents.document_id
    window earlier as (
        partition by statements.service_centre_id
        order by documents.published, documents.as_of, statements.document_id
    )
),

final as (
    select * from versions
    where earlier_document_id is not null
)

select * from final
