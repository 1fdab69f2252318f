-- How many service centres have AF's service by each month, and how many of them bring drop-in visits back?
-- Hur många servicekontor har AF:s service till och med varje månad, och hur många av dem ger åter spontana besök?
select
    launch_month,
    launches,
    launches_decided,
    launches_direction,
    cumulative_existing,
    existing_total,
    cumulative_existing_restoring_drop_in,
    round(completion_share, 3) as completion_share
from kpi.service_centre_rollout
order by launch_month
