with final as (
    select
        office_id,
        known_from,
        known_to,
        plan,
        {{ label_of('plan', 'plan') }} as plan_sv,
        form,
        {{ label_of('form', 'form') }} as form_sv,
        municipality_code,
        document_id,
        source_row_id
    from {{ ref('int_office_version') }}
)

select * from final
