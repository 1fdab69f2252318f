-- Detects contradictions whose winner by rule is not the value that the core tables publish.
-- A returned row is such a contradiction with the published value. Launch months are not compared: core keeps what each
-- schedule says, and reads schedules from the rollout's tables only.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'conflict'}}}) }}

with winners as (
    select
        conflict_id,
        attribute,
        case winner when 'a' then source_a else source_b end as source_row_id,
        case winner when 'a' then value_a else value_b end as winning_value
    from {{ ref('conflict') }}
    where winner != 'neither'
),

published as (
    select
        source_row_id,
        'plan' as attribute,
        plan as published_value
    from {{ ref('dim_office') }}
    union all
    select
        source_row_id,
        'closes_on' as attribute,
        cast(closes_on as varchar) as published_value
    from {{ ref('dim_office') }}
    union all
    select
        source_row_id,
        'presence_form' as attribute,
        presence_form as published_value
    from {{ ref('dim_office') }}
    union all
    select
        form_source_row_id as source_row_id,
        'form' as attribute,
        form as published_value
    from {{ ref('dim_office') }}
    union all
    select
        source_row_id,
        'nearby_office_form' as attribute,
        form as published_value
    from {{ ref('fct_office_plan') }}
    where known_to is null
    union all
    select
        source_row_id,
        'nearby_office_form' as attribute,
        form as published_value
    from {{ ref('dim_office') }}
    where plan = 'kept'
    union all
    select
        source_row_id,
        'agreement' as attribute,
        agreement as published_value
    from {{ ref('fct_collaboration_state') }}
    union all
    select
        source_row_id,
        'premises' as attribute,
        premises as published_value
    from {{ ref('fct_collaboration_state') }}
),

final as (
    select
        winners.conflict_id,
        winners.attribute,
        winners.winning_value,
        published.published_value
    from winners
    left join published
        on winners.source_row_id = published.source_row_id and winners.attribute = published.attribute
    where
        winners.attribute in (select compared.attribute from published as compared)
        and winners.winning_value is distinct from published.published_value
)

select * from final
