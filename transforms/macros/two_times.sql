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
