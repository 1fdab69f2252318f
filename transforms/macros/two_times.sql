{# What holds (as of a day) and when it was known are two times. A version is known from `known_from` on, the day of its
   document, until a later document says the same thing again: `known_to`, exclusive, null if none does. #}

{# The day on which the next document said the same thing again. Of two documents of one day, the one that describes the
   later day comes later, then the one whose id does: the order in which they arrive never matters. The row has the
   document's `known_from`, `as_of` and `document_id`. #}
{% macro known_to(same_thing) -%}
    lead(known_from) over (partition by {{ same_thing }} order by known_from, as_of, document_id)
{%- endmacro %}

{# Whether a version was known on a day. #}
{% macro is_known(version, known_on) -%}
    {{ version }}.known_from <= {{ known_on }}
    and ({{ version }}.known_to is null or {{ known_on }} < {{ version }}.known_to)
{%- endmacro %}

{# The rows of a table as known on a day; without a day: as known now. #}
{% macro as_known(relation, known_on=none) -%}
    (
        select *
        from {{ relation }} as version
        where {% if known_on is none %}version.known_to is null{% else %}{{ is_known('version', known_on) }}{% endif %}
    )
{%- endmacro %}

{# What form of presence the place of every office has on a day, as known on another: a subquery with one row per office
   and row of `days`, a relation with the columns `known_on` and `as_of`. What nothing known by then tells is null:
   whether an office was open, once its plan was to close it and no document had given the day. An office that a later
   plan adds has rows from then on. #}
{% macro presence_as_known(days) -%}
    (
        with asked as (
            select distinct
                known_on,
                as_of,
                least(known_on, as_of) as decided_by
            from {{ days }}
        ),

        -- A version holds until the next one; a whole plan that leaves the office out ends the last one. The form of an
        -- office that is to close is the one that it had while it was to stay.
        versions as (
            select
                *,
                row_number() over earlier = 1 as is_first,
                lead(known_from) over earlier as replaced_on,
                nullif(known_to, lead(known_from) over earlier) as removed_on,
                last_value(case when plan = 'kept' then form end ignore nulls) over so_far as kept_form,
                last_value(case when plan = 'kept' and form is not null then source_row_id end ignore nulls)
                    over so_far as kept_form_source_row_id
            from {{ ref('fct_office_plan') }}
            window
                earlier as (partition by office_id order by known_from),
                so_far as (
                    partition by office_id order by known_from rows between unbounded preceding and current row
                )
        ),

        -- What was planned on the day (`then_planned`) and what was known of the plan when asked (`plans`) are two
        -- things. The first version is carried back: an office had its form before the plan named it. A reinstated
        -- office has no known form before its decision, unless a document gives that of a closing office.
        offices as (
            select
                asked.known_on,
                asked.as_of,
                dim_office.office_id,
                coalesce(then_planned.municipality_code, dim_office.municipality_code) as municipality_code,
                plans.plan as last_plan,
                case when plans.removed_on is null or plans.removed_on > asked.known_on then plans.plan end as plan,
                closings.office_id is not null as is_closing_known,
                closings.presence_form,
                closings.holds_from,
                coalesce(then_planned.removed_on <= asked.decided_by, false) as is_removed,
                coalesce(
                    closings.closes_on,
                    case when then_planned.removed_on <= asked.decided_by then then_planned.removed_on end
                ) as closes_on,
                case
                    when asked.as_of <= cast('{{ var("first_day") }}' as date) then true
                    when then_planned.removed_on <= asked.decided_by then false
                    when closings.closes_on <= asked.as_of then false
                    when closings.office_id is not null or plans.plan = 'kept' then true
                    when plans.plan is not null and then_planned.plan = 'kept' then true
                end as is_open,
                case
                    when plans.plan is not null and then_planned.plan = 'kept' then then_planned.form
                    when plans.plan is not null and asked.known_on >= closings.form_known_from then closings.form
                    when plans.plan is not null then then_planned.kept_form
                end as form,
                case
                    when plans.plan is not null and then_planned.plan = 'kept' then then_planned.source_row_id
                    when plans.plan is not null and asked.known_on >= closings.form_known_from
                        then closings.form_source_row_id
                    when plans.plan is not null then then_planned.kept_form_source_row_id
                end as form_source_row_id
            from asked
            inner join {{ ref('dim_office') }} as dim_office
                on dim_office.added_on is null or asked.decided_by >= dim_office.added_on
            left join versions as plans
                on
                    dim_office.office_id = plans.office_id
                    and asked.known_on >= plans.known_from
                    and (plans.replaced_on is null or asked.known_on < plans.replaced_on)
            left join versions as then_planned
                on
                    dim_office.office_id = then_planned.office_id
                    and (then_planned.is_first or asked.decided_by >= then_planned.known_from)
                    and (then_planned.replaced_on is null or asked.decided_by < then_planned.replaced_on)
            left join {{ ref('fct_office_closing') }} as closings
                on
                    dim_office.office_id = closings.office_id
                    and (closings.holds_from is null or asked.as_of >= closings.holds_from)
                    and (closings.holds_to is null or asked.decided_by < closings.holds_to)
                    and {{ is_known('closings', 'asked.known_on') }}
        ),

        -- A state at a date is an interval: service began by the first day it was seen, and after the last day it was
        -- missed. It belongs to the closing that held when it was told.
        collaborations as (
            select
                known_days.known_on,
                states.office_id,
                closings.holds_from,
                min(case when states.in_use then states.as_of end) as first_in_use,
                max(case when not states.in_use then states.as_of end) as last_not_in_use
            from (select distinct known_on from asked) as known_days
            inner join {{ ref('fct_collaboration_state') }} as states
                on {{ is_known('states', 'known_days.known_on') }}
            inner join {{ ref('fct_office_closing') }} as closings
                on
                    states.office_id = closings.office_id
                    and (closings.holds_from is null or states.known_from >= closings.holds_from)
                    and (closings.holds_to is null or states.known_from < closings.holds_to)
                    and {{ is_known('closings', 'known_days.known_on') }}
            group by known_days.known_on, states.office_id, closings.holds_from
        ),

        office_days as (
            select
                offices.*,
                collaborations.first_in_use,
                collaborations.last_not_in_use,
                -- A plan to close that names no successor yet, and no plan at all, may bring a collaboration.
                coalesce(offices.presence_form = 'collaboration', offices.last_plan is distinct from 'kept')
                    as may_be_collaboration,
                coalesce(offices.as_of >= collaborations.first_in_use, false) as is_in_use,
                coalesce(offices.as_of <= collaborations.last_not_in_use, false) as is_not_in_use
            from offices
            left join collaborations
                on
                    offices.known_on = collaborations.known_on
                    and offices.office_id = collaborations.office_id
                    and offices.holds_from is not distinct from collaborations.holds_from
                    and offices.is_closing_known
        )

        select
            known_on,
            as_of,
            office_id,
            municipality_code,
            plan,
            is_open,
            closes_on,
            presence_form,
            form_source_row_id,
            first_in_use,
            last_not_in_use,
            is_in_use as is_collaboration_in_use,
            is_in_use or (may_be_collaboration and not coalesce(is_open, false) and not is_not_in_use)
                as may_collaboration_be_in_use,
            case
                when is_open and form = 'staffed' then 'staffed_office'
                when is_open and form = 'travel_to' then 'travel_to_office'
                when is_open then 'office_form_unknown'
                when is_open is null then null
                when presence_form = 'nearby_office' then 'nearby_office'
                when is_in_use then 'collaboration_in_use'
                when is_not_in_use then 'collaboration_not_in_use'
                when is_removed and presence_form is null then 'none'
                else 'collaboration_unknown'
            end as presence
        from office_days
    )
{%- endmacro %}
