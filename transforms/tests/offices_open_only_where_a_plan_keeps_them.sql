-- Detects offices that open: an office that was not open on one day of the series and is on the next one, although no
-- plan known in between keeps it. A returned row is such an office with both days.
{{ config(meta={'dagster': {'ref': {'name': 'int_office_presence'}}}) }}

with office_days as (
    select
        office_id,
        as_of,
        is_open,
        lag(is_open) over (partition by office_id order by as_of) as was_open,
        lag(as_of) over (partition by office_id order by as_of) as previous_as_of
    from {{ ref('int_office_presence') }}
),

plans as (
    select
        office_id,
        known_from
    from {{ ref('fct_office_plan') }}
    where plan = 'kept'
),

final as (
    select
        office_days.office_id,
        office_days.previous_as_of,
        office_days.as_of
    from office_days
    left join plans
        on
            office_days.office_id = plans.office_id
            and office_days.previous_as_of < plans.known_from
            and office_days.as_of >= plans.known_from
    where office_days.is_open and not office_days.was_open and plans.office_id is null
)

select * from final
