-- Which closed offices should have stayed staffed by Arbetsförmedlingen's own measurable criteria?
-- Vilka avvecklade kontor borde enligt Arbetsförmedlingens egna mätbara bedömningsgrunder ha varit fast bemannade?
select
    office.office,
    criteria.municipality,
    municipality.county,
    office.closes_on,
    criteria.evidence_sv
from kpi.criteria as criteria
inner join core.dim_office as office on criteria.office_id = office.office_id
inner join core.dim_municipality as municipality on criteria.municipality_code = municipality.municipality_code
where criteria.criterion = 'measurable_criteria_together' and criteria.verdict = 'not_met'
order by criteria.municipality_code, office.office
