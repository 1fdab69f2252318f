-- Detects numbers of the printed table of section 5.2.1 that the stated figures do not carry over from the same lines.
-- A returned row is such a number. Of a document that no stated figure is carried over from, none is.
{{ config(meta={'dagster': {'ref': {'name': 'stated_figure'}}}) }}

with printed as (
    select
        document_id,
        line_from,
        line_to,
        offices_start_of_2019 as offices
    from {{ ref('stg_network_totals') }}
    union all
    select
        document_id,
        line_from,
        line_to,
        offices_plan_2019 as offices
    from {{ ref('stg_network_totals') }}
    union all
    select
        document_id,
        line_from,
        line_to,
        offices_plan_2020 as offices
    from {{ ref('stg_network_totals') }}
),

final as (
    select printed.*
    from printed
    left join {{ ref('stated_figure') }} as stated
        on
            printed.document_id = stated.document_id
            and stated.line_from between printed.line_from and printed.line_to
            and printed.offices = stated.value
    where
        printed.offices is not null
        and stated.figure_id is null
        and printed.document_id in (select carried_over.document_id from {{ ref('stated_figure') }} as carried_over)
)

select * from final
