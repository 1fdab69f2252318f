-- How far had each county come with its planned collaborations on 15 October 2020?
-- Hur långt hade varje län kommit med sina planerade samarbetslösningar den 15 oktober 2020?
select
    scope_name as county,
    planned,
    in_use,
    agreed_not_ready,
    own_premises_not_ready,
    remaining,
    round(completion_share, 3) as completion_share
from kpi.agreement_completion
where scope = 'county' and basis = 'rows' and as_of = date '2020-10-15'
order by completion_share asc, planned desc, scope_code asc
