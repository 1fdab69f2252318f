with contacts as (
    select
        municipality_code,
        visitor_group,
        channel,
        report_month,
        contacts
    from {{ ref('int_contact_month') }}
    where municipality_code is not null
),

final as (
    select
        municipality_code,
        visitor_group,
        {{ visitor_group_sv('visitor_group') }} as visitor_group_sv,
        channel,
        {{ label_of('channel', 'channel') }} as channel_sv,
        report_month,
        contacts
    from contacts
)

select * from final
