with channels (channel) as (
    values
    ('visit_booked'),
    ('visit_drop_in'),
    ('phone'),
    ('digital_meeting'),
    ('chat'),
    ('all')
),

areas as (
    select distinct
        scope,
        scope_code,
        scope_name
    from {{ ref('dim_municipality_scope') }}
),

-- Every figure of contacts comes from the relation that withholds what is small.
counted as (
    select * from {{ ref('int_contact_area') }}
),

month_groups as (
    select distinct
        report_month,
        visitor_group
    from counted
),

-- In a month with contacts an area where nobody came has none: zero, not unknown.
visits as (
    select
        month_groups.report_month,
        month_groups.visitor_group,
        {{ visitor_group_sv('month_groups.visitor_group') }} as visitor_group_sv,
        areas.scope,
        areas.scope_code,
        areas.scope_name,
        channels.channel,
        case when counted.contacts_min is null then 0 else counted.contacts end as visits,
        coalesce(counted.contacts_min, 0) as visits_min,
        coalesce(counted.contacts_max, 0) as visits_max
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
        visits.visits,
        visits.visits_min,
        visits.visits_max,
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
    from {{ ref('int_registration_total') }}
),

rated as (
    select
        known.*,
        registrations.registered,
        registrations.registered_min,
        registrations.registered_max,
        coalesce(100 * known.visits / nullif(registrations.registered, 0), known.stated_visits_per_100)
            as visits_per_100,
        100 * known.visits_min / nullif(registrations.registered_max, 0) as visits_per_100_min,
        100 * known.visits_max / nullif(registrations.registered_min, 0) as visits_per_100_max,
        coalesce(registrations.is_suppressed, false) as is_registered_suppressed,
        coalesce(known.visits_min < known.visits_max, false)
        or coalesce(registrations.is_suppressed, false) as is_suppressed
    from known
    left join registrations
        on
            known.report_month = registrations.report_month
            and known.visitor_group = registrations.visitor_group
            and known.scope = registrations.scope
            and known.scope_code = registrations.scope_code
),

statuses as (
    select
        *,
        {{ figure_status('visits', 'visits_min') }} as status,
        {{ figure_status('registered', 'case when is_registered_suppressed then registered_min end') }}
            as registered_status,
        {{ figure_status(
            'visits_per_100',
            'case when is_suppressed then visits_per_100_min end',
            has_meaning='registered is distinct from 0'
        ) }} as rate_status
    from rated
),

final as (
    select
        report_month,
        scope,
        {{ label_of('scope', 'scope') }} as scope_sv,
        scope_code,
        scope_name,
        visitor_group,
        visitor_group_sv,
        channel,
        {{ label_of('channel', 'channel') }} as channel_sv,
        visits,
        visits_min,
        visits_max,
        status,
        {{ label_of('figure_status', 'status') }} as status_sv,
        registered,
        registered_min,
        registered_max,
        registered_status,
        {{ label_of('figure_status', 'registered_status') }} as registered_status_sv,
        visits_per_100,
        visits_per_100_min,
        visits_per_100_max,
        rate_status,
        {{ label_of('figure_status', 'rate_status') }} as rate_status_sv,
        stated_visits_per_100,
        'rows' as basis,
        {{ label_of('basis', "'rows'") }} as basis_sv,
        is_suppressed,
        document_id,
        source_row_id
    from statuses
)

select * from final
