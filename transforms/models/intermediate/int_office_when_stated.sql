with last_statement as (
    select stated_on
    from {{ ref('int_last_statement') }}
),

final as (
    select
        offices.office_id,
        offices.locality,
        offices.municipality_code,
        offices.presence_form,
        offices.service_centre_in_locality,
        offices.closes_on,
        case
            when offices.removed_on is null or offices.removed_on > last_statement.stated_on then offices.plan
        end as plan,
        case
            when offices.plan = 'kept' then offices.form
            when closing_forms.known_from <= last_statement.stated_on then closing_forms.form
        end as form
    from {{ ref('int_office_statement') }} as offices
    inner join last_statement on {{ is_known('offices', 'last_statement.stated_on') }}
    left join {{ ref('int_closing_office_form') }} as closing_forms on offices.office_id = closing_forms.office_id
)

select * from final
