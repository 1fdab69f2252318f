with offices as (
    select * from {{ ref('int_office') }}
),

restaffings as (
    select
        restaffed.locality,
        restaffed.form_before,
        restaffed.form_after,
        documents.published as known_from,
        restaffed.document_id,
        restaffed.source_row_id
    from {{ ref('stg_restaffed_offices') }} as restaffed
    inner join {{ ref('stg_documents') }} as documents
        on restaffed.document_id = documents.document_id
),

-- The plan of September 2019: the rows as printed in 2020, less every later decision.
first_versions as (
    select
        offices.office_id,
        cast('{{ var("first_plan_known_from") }}' as date) as known_from,
        case when offices.decided_on is null then offices.plan else 'closing' end as plan,
        case
            when offices.decided_on is null then coalesce(restaffings.form_before, offices.form)
        end as form,
        coalesce(restaffings.document_id, offices.document_id) as document_id,
        coalesce(restaffings.source_row_id, offices.source_row_id) as source_row_id
    from offices
    left join restaffings
        on offices.locality = restaffings.locality and offices.plan = 'kept'
),

reinstatements as (
    select
        office_id,
        decided_on as known_from,
        plan,
        form,
        document_id,
        source_row_id
    from offices
    where decided_on is not null
),

restaffed_versions as (
    select
        offices.office_id,
        restaffings.known_from,
        offices.plan,
        restaffings.form_after as form,
        restaffings.document_id,
        restaffings.source_row_id
    from restaffings
    inner join offices
        on restaffings.locality = offices.locality and offices.plan = 'kept'
),

versions as (
    select * from first_versions
    union all
    select * from reinstatements
    union all
    select * from restaffed_versions
),

final as (
    select
        office_id,
        known_from,
        plan,
        form,
        document_id,
        source_row_id,
        lead(known_from) over (partition by office_id order by known_from) as known_to
    from versions
)

select * from final
