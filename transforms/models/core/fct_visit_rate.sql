with january_2019 as (
    select
        visitor_group,
        date '2019-01-01' as report_month,
        visits_per_100_2019_01 as visits_per_100,
        document_id,
        source_row_id
    from {{ ref('stg_visit_rates') }}
),

january_2020 as (
    select
        visitor_group,
        date '2020-01-01' as report_month,
        visits_per_100_2020_01 as visits_per_100,
        document_id,
        source_row_id
    from {{ ref('stg_visit_rates') }}
),

rates as (
    select * from january_2019
    union all
    select * from january_2020
),

final as (
    select
        visitor_group,
        {{ label_of('visitor_group', 'visitor_group') }} as visitor_group_sv,
        report_month,
        visits_per_100,
        document_id,
        source_row_id
    from rates
)

select * from final
