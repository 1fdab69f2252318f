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

documents as (
    select
        document_id,
        published,
        as_of,
        row_number() over (order by published, as_of, document_id) as document_order
    from {{ ref('stg_documents') }}
),

dated as (
    select
        statements.*,
        municipalities.municipality_code,
        documents.published as known_from,
        documents.as_of,
        documents.document_order,
        lead(documents.document_order) over (
            partition by statements.office_id order by documents.document_order
        ) as next_document_order
    from statements
    inner join documents on statements.document_id = documents.document_id
    left join {{ ref('stg_municipalities') }} as municipalities
        on statements.municipality_printed = municipalities.municipality
    where statements.specificity_rank = 1
),

-- Both tables together are a whole plan: an office in neither has no place in it.
whole_plans as (
    select *
    from documents
    where
        document_id in (select kept_offices.document_id from kept_offices)
        and document_id in (select closing_offices.document_id from closing_offices)
),

-- A refused row may be any office's: then nothing follows from an office that is not listed.
removals as (
    select
        dated.office_id,
        dated.document_id,
        min(whole_plans.document_order) as document_order
    from dated
    inner join whole_plans
        on
            dated.document_order < whole_plans.document_order
            and (dated.next_document_order is null or dated.next_document_order > whole_plans.document_order)
    where
        whole_plans.document_id not in (
            select refused.document_id
            from {{ ref('stg_quarantine') }} as refused
            where refused.table_name in ('kept_offices', 'closing_offices')
        )
    group by dated.office_id, dated.document_id
),

first_whole_plan as (
    select min(document_order) as document_order
    from whole_plans
),

final as (
    select
        dated.office_id,
        dated.office,
        dated.locality,
        dated.municipality_printed,
        dated.municipality_code,
        dated.county_printed,
        dated.af_region,
        dated.plan,
        dated.form,
        dated.decided_on,
        dated.closes_on,
        dated.presence_form,
        dated.service_centre_in_locality,
        dated.document_id,
        dated.source_row_id,
        dated.page,
        dated.line_from,
        dated.as_of,
        dated.known_from,
        removers.published as removed_on,
        removers.as_of as removed_as_of,
        removers.document_id as removed_by,
        lead(dated.known_from) over (partition by dated.office_id order by dated.document_order) as known_to,
        coalesce(dated.document_order > first_whole_plan.document_order, false) as is_after_first_plan
    from dated
    cross join first_whole_plan
    left join removals on dated.office_id = removals.office_id and dated.document_id = removals.document_id
    left join documents as removers on removals.document_order = removers.document_order
)

select * from final
