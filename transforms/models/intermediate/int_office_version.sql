-- A decision that an earlier document has printed already is news no more.
with statements as (
    select
        *,
        row_number() over earlier = 1 as is_first,
        coalesce(is_after_first_plan, false) as is_of_later_plan,
        case
            when row_number() over (partition by office_id, decided_on order by known_from, as_of, document_id) = 1
                then decided_on
        end as new_decision
    from {{ ref('int_office_statement') }}
    window earlier as (partition by office_id order by known_from, as_of, document_id)
),

restaffings as (
    select
        restaffed.locality,
        restaffed.form_before,
        restaffed.form_after,
        documents.published as known_from,
        documents.as_of,
        restaffed.document_id,
        restaffed.source_row_id,
        row_number() over (
            partition by restaffed.locality order by documents.published, documents.as_of, restaffed.document_id
        ) as restaffing_rank
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
        statements.municipality_code,
        statements.as_of,
        coalesce(restaffings.document_id, statements.document_id) as document_id,
        coalesce(restaffings.source_row_id, statements.source_row_id) as source_row_id
    from statements
    left join closing_forms on statements.office_id = closing_forms.office_id
    left join restaffings
        on
            statements.locality = restaffings.locality
            and statements.plan = 'kept'
            and statements.known_from > restaffings.known_from
            and restaffings.restaffing_rank = 1
    where statements.is_first and not statements.is_of_later_plan
),

reinstatements as (
    select
        office_id,
        new_decision as known_from,
        plan,
        form,
        municipality_code,
        as_of,
        document_id,
        source_row_id
    from statements
    where new_decision is not null
),

restaffed_versions as (
    select
        statements.office_id,
        restaffings.known_from,
        statements.plan,
        restaffings.form_after as form,
        statements.municipality_code,
        restaffings.as_of,
        restaffings.document_id,
        restaffings.source_row_id
    from restaffings
    inner join statements
        on
            restaffings.locality = statements.locality
            and statements.plan = 'kept'
            and (
                (statements.is_first and restaffings.known_from < statements.known_from)
                or {{ is_known('statements', 'restaffings.known_from') }}
            )
),

-- What a later document says without naming a new decision is known from its publication.
restatements as (
    select
        statements.office_id,
        statements.known_from,
        statements.plan,
        case statements.plan when 'closing' then closing_forms.form else statements.form end as form,
        statements.municipality_code,
        statements.as_of,
        statements.document_id,
        statements.source_row_id
    from statements
    left join closing_forms on statements.office_id = closing_forms.office_id
    where
        (not statements.is_first or statements.is_of_later_plan)
        and statements.new_decision is null
),

-- A whole plan that leaves the office out: from then on there is no version.
removals as (
    select
        office_id,
        removed_on as known_from,
        cast(null as varchar) as plan,
        cast(null as varchar) as form,
        cast(null as varchar) as municipality_code,
        removed_as_of as as_of,
        removed_by as document_id,
        cast(null as varchar) as source_row_id
    from statements
    where removed_on is not null
),

candidates as (
    select * from first_versions
    union all
    select * from reinstatements
    union all
    select * from restaffed_versions
    union all
    select * from restatements
    union all
    select * from removals
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
        lag(form) over (partition by office_id order by known_from) as form_before,
        lag(municipality_code) over (partition by office_id order by known_from) as municipality_code_before
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
        or municipality_code is distinct from municipality_code_before
),

followed as (
    select
        *,
        lead(known_from) over (partition by office_id order by known_from) as known_to
    from changes
),

final as (
    select
        office_id,
        known_from,
        plan,
        form,
        municipality_code,
        document_id,
        source_row_id,
        known_to
    from followed
    where plan is not null
)

select * from final
