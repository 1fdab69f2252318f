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
   whether an office was open, once its plan was to close it and no document had given the day. #}
{% macro presence_as_known(days) -%}
    (
        with asked as (
            select distinct
                known_on,
                as_of,
                least(known_on, as_of) as decided_by
            from {{ days }}
        ),

        -- The first version's form is carried back: an office had it before the plan named it. A reinstated office has
        -- no known form before its decision, since its first version (closing) has none.
        versions as (
            select
                *,
                row_number() over (partition by office_id order by known_from) = 1 as is_first
            from {{ ref('fct_office_plan') }}
        ),

        offices as (
            select
                asked.known_on,
                asked.as_of,
                dim_office.office_id,
                dim_office.municipality_code,
                plans.plan,
                closings.closes_on,
                closings.presence_form,
                case
                    when asked.as_of <= cast('{{ var("first_day") }}' as date) or plans.plan = 'kept' then true
                    when closings.office_id is not null then coalesce(closings.closes_on > asked.as_of, true)
                end as is_open,
                case plans.plan
                    when 'kept' then forms.form
                    when 'closing' then
                        case when dim_office.form_known_from <= asked.known_on then dim_office.form end
                end as form,
                case plans.plan
                    when 'kept' then forms.source_row_id
                    when 'closing' then
                        case when dim_office.form_known_from <= asked.known_on then dim_office.form_source_row_id end
                end as form_source_row_id
            from asked
            cross join {{ ref('dim_office') }} as dim_office
            left join {{ ref('fct_office_plan') }} as plans
                on dim_office.office_id = plans.office_id and {{ is_known('plans', 'asked.known_on') }}
            left join versions as forms
                on
                    dim_office.office_id = forms.office_id
                    and (forms.is_first or asked.decided_by >= forms.known_from)
                    and (forms.known_to is null or asked.decided_by < forms.known_to)
            left join {{ ref('fct_office_closing') }} as closings
                on
                    dim_office.office_id = closings.office_id
                    and plans.plan = 'closing'
                    and {{ is_known('closings', 'asked.known_on') }}
        ),

        -- A state at a date is an interval: service began by the first day it was seen, and after the last day it was
        -- missed.
        collaborations as (
            select
                known_days.known_on,
                states.office_id,
                min(case when states.in_use then states.as_of end) as first_in_use,
                max(case when not states.in_use then states.as_of end) as last_not_in_use
            from (select distinct known_on from asked) as known_days
            inner join {{ ref('fct_collaboration_state') }} as states
                on {{ is_known('states', 'known_days.known_on') }}
            group by known_days.known_on, states.office_id
        ),

        office_days as (
            select
                offices.*,
                collaborations.first_in_use,
                collaborations.last_not_in_use,
                -- A plan to close that names no successor yet, and no plan at all, may bring a collaboration.
                coalesce(offices.presence_form = 'collaboration', offices.plan is distinct from 'kept')
                    as may_be_collaboration,
                coalesce(offices.as_of >= collaborations.first_in_use, false) as is_in_use,
                coalesce(offices.as_of <= collaborations.last_not_in_use, false) as is_not_in_use
            from offices
            left join collaborations
                on offices.known_on = collaborations.known_on and offices.office_id = collaborations.office_id
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
                else 'collaboration_unknown'
            end as presence
        from office_days
    )
{%- endmacro %}
