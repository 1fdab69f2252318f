with channels (channel, is_visit) as (
    values
    ('visit_booked', true),
    ('visit_drop_in', true),
    ('phone', false),
    ('digital_meeting', false),
    ('chat', false)
),

municipality_scopes as (
    select
        municipality_code,
        scope,
        scope_code,
        scope_name
    from {{ ref('dim_municipality_scope') }}
),

areas as (
    select distinct
        scope,
        scope_code,
        scope_name
    from municipality_scopes
),

counted as (
    select
        contacts.report_month,
        contacts.visitor_group,
        contacts.channel,
        municipality_scopes.scope,
        municipality_scopes.scope_code,
        sum(contacts.contacts) as contacts
    from {{ ref('fct_contact_month') }} as contacts
    inner join municipality_scopes on contacts.municipality_code = municipality_scopes.municipality_code
    group by all
),

month_groups as (
    select distinct
        report_month,
        visitor_group,
        visitor_group_sv
    from {{ ref('fct_contact_month') }}
),

-- In a month with contacts an area where nobody came has none: zero, not unknown.
contacts as (
    select
        month_groups.report_month,
        month_groups.visitor_group,
        month_groups.visitor_group_sv,
        areas.scope,
        areas.scope_code,
        areas.scope_name,
        channels.channel,
        channels.is_visit,
        coalesce(counted.contacts, 0) as contacts
    from month_groups
    cross join areas
    cross join channels
    left join counted
        on
            month_groups.report_month = counted.report_month
            and month_groups.visitor_group = counted.visitor_group
            and areas.scope = counted.scope
            and areas.scope_code = counted.scope_code
            and channels.channel = counted.channel
),

-- Booked and drop-in visits together are what the documents call visits.
visits as (
    select
        report_month,
        visitor_group,
        visitor_group_sv,
        scope,
        scope_code,
        scope_name,
        channel,
        contacts as visits
    from contacts
    union all
    select
        report_month,
        visitor_group,
        visitor_group_sv,
        scope,
        scope_code,
        scope_name,
        'all' as channel,
        sum(contacts) as visits
    from contacts
    where is_visit
    group by all
),

-- Documents give rates of the whole country, without the visits and jobseekers behind them, over all kinds of visit.
rates as (
    select
        report_month,
        visitor_group,
        visitor_group_sv,
        'national' as scope,
        'SE' as scope_code,
        'Sverige' as scope_name,
        'all' as channel,
        visits_per_100,
        document_id,
        source_row_id
    from {{ ref('fct_visit_rate') }}
),

known as (
    select
        cast(visits.visits as bigint) as visits,
        rates.visits_per_100 as stated_visits_per_100,
        rates.document_id,
        rates.source_row_id,
        coalesce(visits.report_month, rates.report_month) as report_month,
        coalesce(visits.visitor_group, rates.visitor_group) as visitor_group,
        coalesce(visits.visitor_group_sv, rates.visitor_group_sv) as visitor_group_sv,
        coalesce(visits.scope, rates.scope) as scope,
        coalesce(visits.scope_code, rates.scope_code) as scope_code,
        coalesce(visits.scope_name, rates.scope_name) as scope_name,
        coalesce(visits.channel, rates.channel) as channel
    from visits
    full outer join rates
        on
            visits.report_month = rates.report_month
            and visits.visitor_group = rates.visitor_group
            and visits.scope = rates.scope
            and visits.scope_code = rates.scope_code
            and visits.channel = rates.channel
),

-- A larger area is more than the sum of its municipalities: some jobseekers have no known one.
registrations as (
    select
        report_month,
        visitor_group,
        'municipality' as scope,
        municipality_code as scope_code,
        registered,
        registered_min,
        registered_max,
        is_suppressed
    from {{ ref('fct_registration') }}
    union all
    select
        report_month,
        visitor_group,
        scope,
        scope_code,
        registered,
        registered_min,
        registered_max,
        is_suppressed
    from {{ ref('int_registration_area') }}
),

final as (
    select
        known.report_month,
        known.scope,
        {{ label_of('scope', 'known.scope') }} as scope_sv,
        known.scope_code,
        known.scope_name,
        known.visitor_group,
        known.visitor_group_sv,
        known.channel,
        {{ label_of('channel', 'known.channel') }} as channel_sv,
        known.visits,
        registrations.registered,
        registrations.registered_min,
        registrations.registered_max,
        coalesce(100.0 * known.visits / nullif(registrations.registered, 0), known.stated_visits_per_100)
            as visits_per_100,
        100.0 * known.visits / nullif(registrations.registered_max, 0) as visits_per_100_min,
        100.0 * known.visits / nullif(registrations.registered_min, 0) as visits_per_100_max,
        known.stated_visits_per_100,
        'rows' as basis,
        {{ label_of('basis', "'rows'") }} as basis_sv,
        coalesce(registrations.is_suppressed, false) as is_suppressed,
        known.document_id,
        known.source_row_id
    from known
    left join registrations
        on
            known.report_month = registrations.report_month
            and known.visitor_group = registrations.visitor_group
            and known.scope = registrations.scope
            and known.scope_code = registrations.scope_code
)

select * from final
