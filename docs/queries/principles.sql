-- What did Arbetsförmedlingen change in its principles for local presence in 2020?
-- Vad ändrade Arbetsförmedlingen i sina principer för lokal närvaro 2020?
select
    principle_sv,
    decided_on,
    previous_summary_sv,
    summary_sv
from kpi.principles
where version = '2020'
order by principle
