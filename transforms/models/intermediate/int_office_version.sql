with statements as (
    select
        *,
        row_number() over (partition by office_id order by known_from, as_of, document_id) = 1 as is_first
    from {{ ref('int_office_statement') }}
),

restaffings as (
    select
        restaffed.locality,
        restaffed.form_before,
        restaffed.form_after,
        documents.published as known_from,
        documents.as_of,
        restaffed.document_id,
        restaffed.source_row_id
    from {{ ref('stg_restaffed_offices') }} as restaffed
    inner join {{ ref('stg_documents') }} as documents
        on restaffed.document_id = documents.document_id
),

closing_forms as (
    select
        office_id,
        form
    from {{ ref('int_closing_office_form') }}
),

-- The plan of September 2019: the rows as printed in 2020, less every later decision.
first_versions as (
    select
        statements.office_id,
        cast('{{ var("first_plan_known_from") }}' as date) as known_from,
        case when statements.decided_on is null then statements.plan else 'closing' end as plan,
        case
            when statements.plan = 'closing' then closing_forms.form
            when statements.decided_on is null then coalesce(restaffings.form_before, statements.form)
        end as form,
        statements.as_of,
        coalesce(restaffings.document_id, statements.document_id) as document_id,
        coalesce(restaffings.source_row_id, statements.source_row_id) as source_row_id
    from statements
    left join closing_forms on statements.office_id = closing_forms.office_id
    left join restaffings
        on statements.locality = restaffings.locality and statements.plan = 'kept'
    where statements.is_first
),

reinstatements as (
    select
        office_id,
        decided_on as known_from,
        plan,
        form,
        as_of,
        document_id,
        source_row_id
    from statements
    where decided_on is not null
),

restaffed_versions as (
    select
        statements.office_id,
        restaffings.known_from,
        statements.plan,
        restaffings.form_after as form,
        restaffings.as_of,
        restaffings.document_id,
        restaffings.source_row_id
    from restaffings
    inner join statements
        on restaffings.locality = statements.locality and statements.plan = 'kept' and statements.is_first
),

-- What a later document says without naming a decision is known from its publication.
restatements as (
    select
        statements.office_id,
        statements.known_from,
        statements.plan,
        case statements.plan when 'closing' then closing_forms.form else statements.form end as form,
        statements.as_of,
        statements.document_id,
        statements.source_row_id
    from statements
    left join closing_forms on statements.office_id = closing_forms.office_id
    where not statements.is_first and statements.decided_on is null
),

candidates as (
    select * from first_versions
    union all
    select * from reinstatements
    union all
    select * from restaffed_versions
    union all
    select * from restatements
),

-- One version a day: what the later document says, and a decision before the plan that it changes.
versions as (
    select
        *,
        row_number() over (
            partition by office_id, known_from
            order by as_of desc, document_id desc, plan desc
        ) as day_rank
    from candidates
),

compared as (
    select
        *,
        row_number() over (partition by office_id order by known_from) as version_rank,
        lag(plan) over (partition by office_id order by known_from) as plan_before,
        lag(form) over (partition by office_id order by known_from) as form_before
    from versions
    where day_rank = 1
),

-- A document that repeats the plan makes no version.
changes as (
    select *
    from compared
    where
        version_rank = 1
        or plan is distinct from plan_before
        or form is distinct from form_before
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
    from changes
)

select * from final
