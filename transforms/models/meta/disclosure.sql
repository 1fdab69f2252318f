-- Made from what is published alone, as everything that is said of withheld counts.
with figures as (
    select
        'core.fct_contact_month' as table_name,
        'contacts' as column_name,
        'municipality' as scope,
        {{ small_count_max('contacts') }} as small_count_max,
        status,
        contacts_min as lower_bound,
        contacts_max as upper_bound
    from {{ ref('fct_contact_month') }}
    union all
    select
        'core.fct_registration' as table_name,
        'registered' as column_name,
        'municipality' as scope,
        {{ small_count_max('registered') }} as small_count_max,
        status,
        registered_min as lower_bound,
        registered_max as upper_bound
    from {{ ref('fct_registration') }}
    union all
    select
        'core.fct_registration_total' as table_name,
        'registered' as column_name,
        scope,
        {{ small_count_max('registered') }} as small_count_max,
        status,
        registered_min as lower_bound,
        coalesce(registered_max, registered_min) as upper_bound
    from {{ ref('fct_registration_total') }}
    union all
    select
        'kpi.visits' as table_name,
        'visits' as column_name,
        scope,
        {{ small_count_max('contacts') }} as small_count_max,
        status,
        visits_min as lower_bound,
        visits_max as upper_bound
    from {{ ref('visits') }}
    where visits_min is not null
),

loss as (
    select
        table_name,
        column_name,
        scope,
        max(small_count_max) as small_count_max,
        count(*) as figures,
        count(*) filter (where status = 'suppressed') as withheld,
        count(*) filter (where status = 'value' and lower_bound < upper_bound) as rounded,
        sum((lower_bound + upper_bound) / 2.0) as counts,
        coalesce(sum((lower_bound + upper_bound) / 2.0) filter (where status = 'suppressed'), 0) as withheld_counts,
        coalesce(sum(upper_bound - lower_bound) filter (where status = 'value'), 0) / 2.0 as blurred_counts
    from figures
    group by all
),

final as (
    select
        table_name,
        column_name,
        scope,
        {{ label_of('scope', 'scope') }} as scope_sv,
        cast(small_count_max as bigint) as small_count_max,
        cast(figures as bigint) as figures,
        cast(withheld as bigint) as withheld,
        cast(rounded as bigint) as rounded,
        1.0 * withheld / nullif(figures, 0) as withheld_share,
        1.0 * withheld_counts / nullif(counts, 0) as withheld_count_share,
        1.0 * blurred_counts / nullif(counts, 0) as rounded_count_share
    from loss
)

select * from final
