with offices as (
    select presence.*
    from {{ ref('int_office_presence') }} as presence
    inner join {{ ref('int_as_of') }} as dates on presence.as_of = dates.as_of
    where dates.is_document_date
),

closing_offices as (
    select
        'office' as place_kind,
        office_id,
        municipality_code,
        as_of,
        presence_form,
        is_collaboration as is_promised,
        closes_on as closed_on,
        first_in_use,
        last_not_in_use
    from offices
    where presence_form is not null
),

-- A municipality with a promised collaboration has closed when its last office has: an office without a closing date
-- is none that has. It is served when the first of its collaborations is, and was seen without service while all of
-- them were seen without.
municipalities as (
    select
        'municipality' as place_kind,
        cast(null as varchar) as office_id,
        municipality_code,
        as_of,
        cast(null as varchar) as presence_form,
        true as is_promised,
        case when count(closes_on) = count(*) then max(closes_on) end as closed_on,
        min(first_in_use) as first_in_use,
        case
            when max(case when is_collaboration and last_not_in_use is null then 1 else 0 end) = 0
                then min(last_not_in_use)
        end as last_not_in_use
    from offices
    group by municipality_code, as_of
    having count(case when is_collaboration then 1 end) > 0
),

places as (
    select * from closing_offices
    union all
    select * from municipalities
),

-- The gap begins on the day of closing and ends on the first day of service, which no document gives: one gives a day
-- on which there was service already, another one on which there was none yet.
measured as (
    select
        *,
        coalesce(closed_on <= as_of, false) as is_closed,
        {{ days_between('closed_on', 'as_of') }} as days_since_closing,
        coalesce(greatest({{ days_between('closed_on', 'last_not_in_use') }}, 0), 0) as days_without_service_min,
        greatest({{ days_between('closed_on', 'first_in_use') }}, 0) as days_without_service_max
    from places
),

judged as (
    select
        *,
        case
            when not is_promised or not is_closed or as_of >= first_in_use then false
            when as_of <= last_not_in_use then true
        end as is_open
    from measured
),

final as (
    select
        place_kind,
        office_id,
        municipality_code,
        as_of,
        presence_form,
        is_promised,
        closed_on,
        is_closed,
        is_open,
        case
            when not is_promised then null
            when not is_closed then 0
            when is_open then days_since_closing
            when is_open is null then days_without_service_min
            -- One that was missed after it had worked has closed the gap all the same.
            else least(days_without_service_min, days_without_service_max)
        end as gap_days_min,
        case
            when not is_promised or is_open then null
            when not is_closed then 0
            when is_open is null then days_since_closing
            else days_without_service_max
        end as gap_days_max
    from judged
)

select * from final
