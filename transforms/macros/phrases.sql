{# A printed Swedish phrase to its code, by the seed `phrases`; null if it is not there. A phrase that stands there
   twice stops the build, since the subquery may give one row only. #}
{% macro code_of(what, printed) -%}
    (
        select phrases.code
        from {{ ref('phrases') }} as phrases
        where phrases.what = '{{ what }}' and phrases.printed = lower({{ printed }})
    )
{%- endmacro %}

{# A code to its Swedish label, by the seed `labels`; null stays null. #}
{% macro label_of(what, code) -%}
    (
        select labels.label_sv
        from {{ ref('labels') }} as labels
        where labels.what = '{{ what }}' and labels.code = {{ code }}
    )
{%- endmacro %}
