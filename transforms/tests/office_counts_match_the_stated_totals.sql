-- Detects numbers of offices, counted from rows, that differ from those that the final report states (section 5.2.1).
-- A returned row is a stated number with the count that contradicts it. The forms at the start of 2019 are not
-- compared: no document names the form of every office that closed.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'fct_office_plan'}}}) }}

with stated as (
    select
        measure,
        'start of 2019' as network,
        offices_start_of_2019 as offices,
        document_id,
        page,
        line_from
    from {{ ref('stg_network_totals') }}
    where measure = 'kept'
    union all
    select
        measure,
        'plan of autumn 2019' as network,
        offices_plan_2019 as offices,
        document_id,
        page,
        line_from
    from {{ ref('stg_network_totals') }}
    union all
    select
        measure,
        'plan as adjusted in 2020' as network,
        offices_plan_2020 as offices,
        document_id,
        page,
        line_from
    from {{ ref('stg_network_totals') }}
),

planned as (
    select
        'plan of autumn 2019' as network,
        plan,
        form
    from {{ ref('fct_office_plan') }}
    where known_from = cast('{{ var("first_plan_known_from") }}' as date)
    union all
    select
        'plan as adjusted in 2020' as network,
        plan,
        form
    from {{ ref('fct_office_plan') }}
    where known_to is null
),

counted as (
    select
        network,
        plan as measure,
        count(*) as offices
    from planned
    group by network, plan
    union all
    select
        network,
        form as measure,
        count(*) as offices
    from planned
    where plan = 'kept'
    group by network, form
    union all
    select
        'start of 2019' as network,
        'kept' as measure,
        count(*) as offices
    from {{ ref('dim_office') }}
),

final as (
    select
        stated.network,
        stated.measure,
        stated.offices as stated_offices,
        counted.offices as counted_offices,
        stated.document_id,
        stated.page,
        stated.line_from
    from stated
    left join counted
        on stated.network = counted.network and stated.measure = counted.measure
    where stated.offices is distinct from counted.offices
)

select * from final
