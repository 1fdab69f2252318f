-- In which AF regions did most places wait for a collaboration on 15 October 2020, and for how many days on average?
-- I vilka AF-regioner väntade flest orter på en samarbetslösning den 15 oktober 2020, och hur många dagar i snitt?
select
    scope_name as af_region,
    planned,
    closed_offices,
    open_gaps_min,
    open_gaps_max,
    round(gap_days_mean_min, 1) as gap_days_mean_min,
    round(gap_days_mean_max, 1) as gap_days_mean_max
from kpi.presence_gap_by_scope
where scope = 'af_region' and as_of = date '2020-10-15'
order by open_gaps_min desc, af_region asc
