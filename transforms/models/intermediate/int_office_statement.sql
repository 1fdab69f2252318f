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
    select
        office_id,
        office,
        locality,
        municipality as municipality_printed,
        county as county_printed,
        af_region,
        'closing' as plan,
        cast(null as varchar) as form,
        cast(null as date) as decided_on,
        closes_on,
        presence_form,
        service_centre_in_locality,
        document_id,
        source_row_id,
        page,
        line_from
    from {{ ref('stg_closing_offices') }}
),

rows_of_both as (
    select * from kept_offices
    union all
    select * from closing_offices
),

-- A document that keeps and closes the same office contradicts itself: the table with a day of closing is the more
-- specific one.
statements as (
    select
        *,
        row_number() over (partition by office_id, document_id order by plan) as specificity_rank
    from rows_of_both
),

dated as (
    select
        statements.*,
        documents.published as known_from,
        documents.as_of
    from statements
    inner join {{ ref('stg_documents') }} as documents on statements.document_id = documents.document_id
    where statements.specificity_rank = 1
),

final as (
    select
        office_id,
        office,
        locality,
        municipality_printed,
        county_printed,
        af_region,
        plan,
        form,
        decided_on,
        closes_on,
        presence_form,
        service_centre_in_locality,
        document_id,
        source_row_id,
        page,
        line_from,
        as_of,
        known_from,
        {{ known_to('office_id') }} as known_to
    from dated
)

select * from final
