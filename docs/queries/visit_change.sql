-- Which groups' visits fell most from January 2019 to January 2020, and does the printed change agree?
-- Vilka gruppers besök minskade mest från januari 2019 till januari 2020, och stämmer den tryckta förändringen?
select
    visitor_group_sv,
    from_rate,
    to_rate,
    printed_change_pct,
    round(change_pct, 1) as change_pct,
    round(change_pct) = printed_change_pct as printed_agrees
from kpi.visit_change
order by change_pct, visitor_group
