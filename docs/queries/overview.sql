-- What did the national network look like before the closings, at the final report, and at the end of 2021?
-- Hur såg landets nät ut före avvecklingen, vid slutredovisningen och vid utgången av 2021?
select
    as_of,
    offices,
    staffed,
    travel_to,
    form_unknown,
    closed_offices,
    municipalities_with_office,
    collaborations_in_use_min,
    collaborations_in_use_max,
    service_centres,
    basis_sv
from kpi.overview
where as_of in (date '2018-12-31', date '2020-10-15', date '2021-12-31')
order by as_of
