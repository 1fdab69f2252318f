-- Which places had been without an office and a working collaboration for more than a year on 15 October 2020?
-- Vilka orter hade den 15 oktober 2020 saknat både kontor och fungerande samarbetslösning i mer än ett år?
select
    gap.office,
    municipality.municipality,
    municipality.county,
    gap.closed_on,
    gap.gap_days_min as days_without
from kpi.presence_gap as gap
inner join core.dim_municipality as municipality on gap.municipality_code = municipality.municipality_code
where gap.as_of = date '2020-10-15' and gap.is_open and gap.gap_days_min > 365
order by days_without desc, gap.municipality_code asc, gap.office asc
