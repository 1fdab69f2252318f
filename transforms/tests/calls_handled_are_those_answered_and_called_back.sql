-- Detects a share of calls handled that is not the answered and the called back ones together.
-- A returned row is a document with the three percentages that it states for one day.
{{ config(severity='warn', meta={'dagster': {'ref': {'name': 'channels'}}}) }}

with shares as (
    select
        document_id,
        as_of,
        max(case when measure = 'calls_handled' then value end) as handled,
        max(case when measure = 'calls_answered' then value end) as answered,
        max(case when measure = 'calls_called_back' then value end) as called_back
    from {{ ref('channels') }}
    where measure in ('calls_handled', 'calls_answered', 'calls_called_back')
    group by document_id, as_of
),

final as (
    select *
    from shares
    where handled != answered + called_back
)

select * from final
