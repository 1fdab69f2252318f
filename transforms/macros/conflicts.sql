{# How rows are compared. The models `int_conflict_…` say what is compared; `meta.conflict` chooses the winner. #}

{# The comparisons of a row that nothing confirms, the first one of each row and attribute. A row may mean one of several
   others (an office of the municipality): it is contradicted only if none of them agrees. `comparisons` has one row per
   pair: subject, attribute, value_a, source_a, value_b, source_b and agrees. #}
{% macro contradicted(kind, comparisons) -%}
    select
        '{{ kind }}' as kind,
        subject,
        attribute,
        value_a,
        source_a,
        value_b,
        source_b
    from (
        select
            *,
            max(case when agrees then 1 else 0 end) over (partition by source_a, attribute) as confirmations,
            row_number() over (partition by source_a, attribute order by source_b) as place_in_line
        from {{ comparisons }}
    ) as compared
    where confirmations = 0 and place_in_line = 1
{%- endmacro %}

{# The rows of a group that say otherwise than most of it, each beside the first row that says as most do. `answers` has
   one row per answer: group_name, subject, attribute, value, printed, source_row_id and line_from. #}
{% macro unlike_the_usual(kind, answers) -%}
    select
        '{{ kind }}' as kind,
        odd.subject,
        odd.attribute,
        odd.printed as value_a,
        odd.source_row_id as source_a,
        usual.printed as value_b,
        usual.source_row_id as source_b
    from {{ answers }} as odd
    inner join (
        select
            answers.*,
            row_number() over (
                partition by answers.attribute, answers.group_name
                order by counts.answers desc, answers.line_from asc, answers.source_row_id asc
            ) as place_in_line
        from {{ answers }} as answers
        inner join (
            select
                attribute,
                group_name,
                value,
                count(*) as answers
            from {{ answers }}
            group by attribute, group_name, value
        ) as counts
            on
                answers.attribute = counts.attribute
                and answers.group_name = counts.group_name
                and answers.value = counts.value
    ) as usual
        on
            odd.attribute = usual.attribute
            and odd.group_name = usual.group_name
            and odd.value != usual.value
            and usual.place_in_line = 1
{%- endmacro %}
