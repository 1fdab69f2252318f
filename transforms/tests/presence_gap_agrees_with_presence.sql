-- Detects closing offices whose gap says something else than their form of presence on the same day, and days and
-- offices without a gap. A returned row is a closing office on a document's date with both.
{{ config(meta={'dagster': {'ref': {'name': 'presence_gap'}}}) }}

with offices as (
    select
        presence.office_id,
        presence.as_of,
        presence.presence
    from {{ ref('int_office_presence') }} as presence
    inner join {{ ref('int_as_of') }} as dates on presence.as_of = dates.as_of
    where dates.is_document_date and presence.presence_form is not null
),

gaps as (
    select
        office_id,
        as_of,
        is_open,
        case
            when is_open then 'collaboration_not_in_use'
            when is_open is null then 'collaboration_unknown'
            else 'no gap'
        end as presence_in_gap
    from {{ ref('presence_gap') }}
),

final as (
    select
        offices.office_id,
        offices.as_of,
        offices.presence,
        gaps.is_open
    from offices
    left join gaps on offices.office_id = gaps.office_id and offices.as_of = gaps.as_of
    where
        gaps.office_id is null
        or gaps.presence_in_gap != case
            when offices.presence in ('collaboration_not_in_use', 'collaboration_unknown') then offices.presence
            else 'no gap'
        end
)

select * from final
