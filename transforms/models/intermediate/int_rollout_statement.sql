-- The number of service centres that exist is a statement about the rollout where it is about a day to come.
with statements as (
    select
        measure,
        as_of as target_on,
        document_id,
        published,
        tolerance,
        statements,
        source_row_id,
        cast(value as bigint) as stated,
        as_of <= document_as_of as is_reached
    from {{ ref('int_stated_figure') }}
    where
        value is not null
        and (
            measure in ('launches_until_june_2020', 'launches_until_december_2020')
            or (measure = 'existing_service_centres' and as_of > document_as_of)
        )
),

final as (
    select
        statements.*,
        lag(statements.document_id) over earlier as previous_document_id,
        lag(statements.stated) over earlier as previous_stated,
        lag(statements.source_row_id) over earlier as previous_source_row_id
    from statements
    window earlier as (
        partition by statements.measure, statements.target_on
        order by statements.published, statements.document_id
    )
)

select * from final
