-- How many visits a month do the rates imply for the target group of booked visits and for others, and what is needed?
-- Hur många besök i månaden motsvarar talen för målgruppen för förbokade besök och för övriga, och vad är behovet?
select
    segment_sv,
    registered,
    visits_from,
    visits_to,
    visits_needed_min,
    visits_needed_max,
    basis_sv,
    round(change_pct, 1) as change_pct
from kpi.visit_need
order by segment
