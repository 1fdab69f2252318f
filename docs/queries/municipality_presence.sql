-- Where in Norrbotten could one meet Arbetsförmedlingen on 15 October 2020, and where without booking?
-- Var i Norrbotten gick det att möta Arbetsförmedlingen den 15 oktober 2020, och var utan att boka?
select
    municipality_code,
    municipality,
    presence_sv,
    drop_in_sv
from kpi.municipality_presence
where as_of = date '2020-10-15' and left(municipality_code, 2) = '25'
order by presence_rank, municipality_code
