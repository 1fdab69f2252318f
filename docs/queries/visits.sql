-- How many visits per 100 registered jobseekers did each group make, month by month?
-- Hur många besök per 100 inskrivna gjorde varje grupp, månad för månad?
select
    report_month,
    visitor_group_sv,
    visits_per_100,
    visits,
    registered,
    basis_sv
from kpi.visits
where scope = 'national' and channel = 'all'
order by report_month, visitor_group
