-- A customer square needs a staffed office. A closing office has the form that Tabell 1 marks, else Tabell 2; one whose
-- form no document gives may have any.
with comparisons as (
    select
        claims.subject,
        'form' as attribute,
        claims.form as value_a,
        claims.source_row_id as source_a,
        offices.form as value_b,
        offices.form_source_row_id as source_b,
        coalesce(claims.form = offices.form, true) as agrees
    from {{ ref('int_office_claim') }} as claims
    inner join {{ ref('dim_office') }} as offices
        on claims.office_id = offices.office_id and claims.plan = offices.plan
    where claims.form is not null
),

final as (
    {{ contradicted('office_form', 'comparisons') }}
)

select * from final
