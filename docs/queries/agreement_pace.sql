-- Are the collaborations coming into use fast enough to meet the target of the day?
-- Tas samarbetslösningarna i bruk tillräckligt fort för att nå det mål som gällde?
select
    as_of,
    in_use,
    planned,
    target_on,
    is_pace_sufficient,
    round(pace_per_30_days, 1) as pace_per_30_days,
    round(needed_pace_per_30_days, 1) as needed_pace_per_30_days
from kpi.agreement_pace
order by as_of
