-- As known now: with everything that any document says.
with days as (
    select
        as_of,
        date '9999-12-31' as known_on
    from {{ ref('int_as_of') }}
),

final as (
    select
        office_id,
        municipality_code,
        as_of,
        is_open,
        closes_on,
        presence_form,
        form_source_row_id,
        first_in_use,
        last_not_in_use,
        is_collaboration_in_use,
        may_collaboration_be_in_use,
        presence,
        coalesce(presence_form = 'collaboration', false) as is_collaboration
    from {{ presence_as_known('days') }} as presence
)

select * from final
