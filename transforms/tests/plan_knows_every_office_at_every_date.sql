-- Detects gaps and overlaps between the versions of the plan: an office is kept or closing, always one of the two, from
-- the first plan that names it until a whole plan leaves it out.
-- A returned row is a known date whose kept and closing offices are not all offices of that day.
{{ config(meta={'dagster': {'ref': {'name': 'office_plan'}}}) }}

with offices as (
    select
        office_id,
        added_on
    from {{ ref('dim_office') }}
),

removals as (
    select
        office_id,
        removed_on,
        lead(coalesce(decided_on, known_from)) over (
            partition by office_id order by known_from, as_of, document_id
        ) as named_again_on
    from {{ ref('int_office_statement') }}
),

known_dates as (
    select
        office_plan.known_at,
        office_plan.kept,
        office_plan.closing,
        count(offices.office_id) as offices
    from {{ ref('office_plan') }} as office_plan
    inner join offices
        on
            (offices.added_on is null or office_plan.known_at >= offices.added_on)
            and not exists (
                select 1
                from removals
                where
                    removals.office_id = offices.office_id
                    and office_plan.known_at >= removals.removed_on
                    and (removals.named_again_on is null or office_plan.known_at < removals.named_again_on)
            )
    where office_plan.scope = 'national'
    group by office_plan.known_at, office_plan.kept, office_plan.closing
),

final as (
    select *
    from known_dates
    where kept + closing != offices
)

select * from final
