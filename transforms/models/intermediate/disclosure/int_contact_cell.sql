-- A month counts once it is over: a running month, read night by night, would tell of single contacts.
with delivered_until as (
    select max(received_at) as received_at
    from {{ ref('stg_deliveries') }}
    where kind = 'contacts' and status = 'accepted'
),

contacts as (
    select contacts.*
    from {{ ref('int_contact_month') }} as contacts
    inner join delivered_until
        on {{ first_of_next_month('contacts.report_month') }} <= delivered_until.received_at
    where contacts.municipality_code is not null
),

-- What all groups together have beyond the named ones is a cell as well: whoever subtracts finds it.
without_group as (
    select
        report_month,
        municipality_code,
        'no_group' as visitor_group,
        channel,
        sum(case when visitor_group = 'all' then contacts else -contacts end) as contacts
    from contacts
    group by report_month, municipality_code, channel
),

cells as (
    select
        report_month,
        municipality_code,
        visitor_group,
        channel,
        contacts
    from contacts
    where visitor_group != 'all'
    union all
    select * from without_group
    where contacts > 0
),

final as (
    select
        municipality_code || ' ' || visitor_group || ' ' || channel as cell,
        report_month,
        municipality_code,
        visitor_group,
        channel,
        cast(contacts as bigint) as contacts,
        {{ is_small('contacts', 'contacts') }} as is_small
    from cells
)

select * from final
