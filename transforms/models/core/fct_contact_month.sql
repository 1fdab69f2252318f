with areas as (
    select
        *,
        {{ figure_status('contacts', 'contacts_min') }} as status
    from {{ ref('int_contact_area') }}
),

final as (
    select
        scope_code as municipality_code,
        visitor_group,
        {{ visitor_group_sv('visitor_group') }} as visitor_group_sv,
        channel,
        {{ label_of('channel', 'channel') }} as channel_sv,
        report_month,
        contacts,
        contacts_min,
        contacts_max,
        status,
        {{ label_of('figure_status', 'status') }} as status_sv
    from areas
    where scope = 'municipality' and channel != 'all'
)

select * from final
