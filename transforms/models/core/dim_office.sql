with final as (
    select
        office_id,
        office,
        locality,
        municipality_code,
        plan,
        {{ label_of('plan', 'plan') }} as plan_sv,
        form,
        {{ label_of('form', 'form') }} as form_sv,
        form_source_row_id,
        form_known_from,
        decided_on,
        added_on,
        removed_on,
        closes_on,
        presence_form,
        {{ label_of('presence_form', 'presence_form') }} as presence_form_sv,
        service_centre_in_locality,
        document_id,
        source_row_id
    from {{ ref('int_office') }}
)

select * from final
