-- Detects numbers of the printed table of section 5.2.1 that no stated figure of the same document carries over. Lines
-- are not compared: the table may have been delivered in another form of the document. A returned row is such a number.
-- Of a document that no stated figure is carried over from, none is.
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
            and printed.offices = stated.value
    where
        printed.offices is not null
        and stated.figure_id is null
        and printed.document_id in (select carried_over.document_id from {{ ref('stated_figure') }} as carried_over)
)

select * from final
