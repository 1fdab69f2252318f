with claims as (
    select
        claims.subject,
        claims.source_row_id as source_a,
        claims.presence_form as presence_form_a,
        claims.agreement as agreement_a,
        claims.premises as premises_a,
        closing_offices.source_row_id as source_b,
        closing_offices.presence_form as presence_form_b,
        closing_offices.agreement as agreement_b,
        closing_offices.premises as premises_b
    from {{ ref('int_office_claim') }} as claims
    inner join {{ ref('stg_closing_offices') }} as closing_offices
        on claims.office_id = closing_offices.office_id
    where claims.presence_form is not null
),

comparisons as (
    select
        subject,
        'presence_form' as attribute,
        presence_form_a as value_a,
        source_a,
        presence_form_b as value_b,
        source_b,
        presence_form_a = presence_form_b as agrees
    from claims
    union all
    select
        subject,
        'agreement' as attribute,
        agreement_a as value_a,
        source_a,
        agreement_b as value_b,
        source_b,
        agreement_a = agreement_b as agrees
    from claims
    where agreement_a is not null and agreement_b is not null
    union all
    select
        subject,
        'premises' as attribute,
        premises_a as value_a,
        source_a,
        premises_b as value_b,
        source_b,
        premises_a = premises_b or (premises_a = 'not_service_centre' and premises_b != 'service_centre') as agrees
    from claims
    where premises_a is not null and premises_b is not null
),

final as (
    {{ contradicted('readiness', 'comparisons') }}
)

select * from final
