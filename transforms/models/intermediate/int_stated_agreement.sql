with figures as (
    select
        as_of,
        document_id,
        published,
        source_row_id,
        cast(value as bigint) as collaborations,
        case measure
            when 'collaborations_planned' then 'planned'
            when 'collaborations_in_use' then 'in_use'
            when 'collaborations_in_use_march_2021' then 'in_use'
            when 'collaborations_in_use_service_centre' then 'in_use_service_centre'
            when 'collaborations_in_use_municipality' then 'in_use_municipality'
            when 'collaborations_in_use_own' then 'in_use_own'
            when 'collaborations_agreed_not_ready' then 'agreed_not_ready'
            when 'collaborations_own_premises_not_ready' then 'own_premises_not_ready'
        end as quantity
    from {{ ref('int_stated_figure') }}
),

days as (
    select
        as_of,
        document_id
    from figures
    where quantity = 'in_use'
),

-- The plan is about a later day than the state: the one that counts is in the document that states what is in use.
-- Where several documents state the same day, the later one is taken.
ranked as (
    select
        days.as_of,
        figures.quantity,
        figures.collaborations,
        figures.source_row_id,
        row_number() over (
            partition by days.as_of, figures.quantity
            order by figures.published desc, figures.document_id desc, figures.as_of desc
        ) as age_rank
    from days
    inner join figures
        on
            days.document_id = figures.document_id
            and (days.as_of = figures.as_of or figures.quantity = 'planned')
),

totals as (
    select
        as_of,
        max(case when quantity = 'planned' then collaborations end) as planned,
        max(case when quantity = 'in_use' then collaborations end) as in_use,
        max(case when quantity = 'in_use_service_centre' then collaborations end) as in_use_service_centre,
        max(case when quantity = 'in_use_municipality' then collaborations end) as in_use_municipality,
        max(case when quantity = 'in_use_own' then collaborations end) as in_use_own,
        max(case when quantity = 'agreed_not_ready' then collaborations end) as agreed_not_ready,
        max(case when quantity = 'own_premises_not_ready' then collaborations end) as own_premises_not_ready,
        max(case when quantity = 'planned' then source_row_id end) as planned_source_row_id,
        max(case when quantity = 'in_use' then source_row_id end) as in_use_source_row_id,
        max(case when quantity = 'in_use_service_centre' then source_row_id end) as in_use_service_centre_source_row_id,
        max(case when quantity = 'in_use_municipality' then source_row_id end) as in_use_municipality_source_row_id,
        max(case when quantity = 'in_use_own' then source_row_id end) as in_use_own_source_row_id,
        max(case when quantity = 'agreed_not_ready' then source_row_id end) as agreed_not_ready_source_row_id,
        max(case when quantity = 'own_premises_not_ready' then source_row_id end)
            as own_premises_not_ready_source_row_id
    from ranked
    where age_rank = 1
    group by as_of
),

final as (
    select * from totals
    where planned is not null
)

select * from final
