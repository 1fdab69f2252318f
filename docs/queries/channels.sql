-- How well was the telephone answered in 2020, beside the target?
-- Hur väl besvarades telefonen 2020, jämfört med målet?
select
    measure_sv,
    value,
    unit_sv,
    as_of,
    document_id
from kpi.channels
where
    measure in (
        'calls_handled',
        'calls_answered',
        'calls_called_back',
        'target_calls_answered_in_time',
        'mean_wait',
        'target_wait'
    )
order by unit_sv, measure
