{#- Only changed months are read. A month is deleted and inserted as a whole, so that what it no longer has goes. -#}
{{ config(materialized='incremental', unique_key='report_month', on_schema_change='sync_all_columns') }}

{%- set months = changed_contact_months(this) if is_incremental() else none %}
{%- if months is none %}
    {%- set is_changed = 'true' %}
{%- elif months %}
    {%- set is_changed = 'report_month in (' ~ months | join(', ') ~ ')' %}
{%- else %}
    {%- set is_changed = 'false' %}
{%- endif %}

-- A month that lost its files has no fingerprint.
with changed as (
    {%- if months is none %}
        select report_month from {{ ref('stg_contact_months') }}
    {%- else %}
        select unnest(cast([{{ months | join(', ') }}] as date[])) as report_month
    {%- endif %}
),

months as (
    select
        changed.report_month,
        {{ contact_fingerprint() }} as fingerprint
    from changed
    left join {{ ref('stg_contact_months') }} as files on changed.report_month = files.report_month
),

-- Of a contact that several rows tell of, all but one are taken off again, each in its own month.
contacts as (
    select
        report_month,
        municipality_code,
        coalesce(visitor_group, 'all') as visitor_group,
        channel,
        sum(rows_received - rows_replaced) as contacts
    from {{ ref('stg_contacts') }}
    where {{ is_changed }}
    group by all
    having sum(rows_received - rows_replaced) > 0
),

-- Every contact counts among all, once, and in its own group besides.
groups as (
    select
        report_month,
        municipality_code,
        'all' as visitor_group,
        channel,
        sum(contacts) as contacts
    from contacts
    group by all
    union all
    select * from contacts
    where visitor_group != 'all'
),

counted as (
    select groups.*
    from groups
    inner join months on groups.report_month = months.report_month
),

-- Each month has a row of its own that says what it was made from, also when no contact is left in it.
final as (
    select
        report_month,
        fingerprint,
        cast(null as string) as municipality_code,
        cast(null as string) as visitor_group,
        cast(null as string) as channel,
        cast(null as bigint) as contacts
    from months
    union all
    select
        report_month,
        cast(null as string) as fingerprint,
        municipality_code,
        visitor_group,
        channel,
        cast(contacts as bigint) as contacts
    from counted
)

select * from final
