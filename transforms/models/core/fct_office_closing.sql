with closings as (
    select
        closing_offices.office_id,
        closing_offices.closes_on,
        closing_offices.presence_form,
        closing_offices.document_id,
        closing_offices.source_row_id,
        documents.as_of,
        documents.published as known_from
    from {{ ref('stg_closing_offices') }} as closing_offices
    inner join {{ ref('stg_documents') }} as documents
        on closing_offices.document_id = documents.document_id
),

plans as (
    select
        office_id,
        plan,
        known_from
    from {{ ref('int_office_version') }}
),

-- Between which plans that keep the office the document lies.
between_plans as (
    select
        closings.office_id,
        closings.document_id,
        max(case when plans.known_from <= closings.known_from then plans.known_from end) as kept_from,
        min(case when plans.known_from > closings.known_from then plans.known_from end) as kept_again_from
    from closings
    left join plans on closings.office_id = plans.office_id and plans.plan = 'kept'
    group by closings.office_id, closings.document_id
),

-- An office that was to stay is one until a plan closes it, unless it had closed even before that plan was known.
periods as (
    select
        closings.office_id,
        closings.document_id,
        between_plans.kept_from,
        between_plans.kept_again_from,
        min(plans.known_from) as closing_from
    from closings
    inner join between_plans
        on closings.office_id = between_plans.office_id and closings.document_id = between_plans.document_id
    left join plans
        on
            closings.office_id = plans.office_id
            and plans.plan = 'closing'
            and between_plans.kept_from < plans.known_from
    group by closings.office_id, closings.document_id, between_plans.kept_from, between_plans.kept_again_from
),

dated as (
    select
        closings.*,
        periods.kept_from,
        periods.kept_again_from as holds_to,
        closing_forms.form,
        closing_forms.known_from as form_known_from,
        closing_forms.source_row_id as form_source_row_id,
        greatest(least(periods.closing_from, closings.closes_on), periods.kept_from) as holds_from
    from closings
    inner join periods
        on closings.office_id = periods.office_id and closings.document_id = periods.document_id
    left join {{ ref('int_closing_office_form') }} as closing_forms on closings.office_id = closing_forms.office_id
),

final as (
    select
        office_id,
        closes_on,
        presence_form,
        {{ label_of('presence_form', 'presence_form') }} as presence_form_sv,
        form,
        {{ label_of('form', 'form') }} as form_sv,
        form_known_from,
        form_source_row_id,
        case when kept_from is not null then holds_from end as holds_from,
        holds_to,
        known_from,
        {{ known_to('office_id, kept_from') }} as known_to,
        document_id,
        source_row_id
    from dated
)

select * from final
