-- How many offices were planned to stay, as known after each decision, and what did the decision change?
-- Hur många kontor skulle vara kvar enligt det som var känt efter varje beslut, och vad ändrade beslutet?
select
    known_at,
    kept,
    staffed,
    travel_to,
    closing,
    kept - lag(kept) over (order by known_at) as kept_change,
    staffed - lag(staffed) over (order by known_at) as staffed_change
from kpi.office_plan
where scope = 'national'
order by known_at
