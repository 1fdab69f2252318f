-- What do the rents of the smaller network save a year, less what its replacements cost?
-- Hur mycket hyra sparar det mindre nätet om året, sedan det som ersätter kontoren är betalt?
select
    measure_sv,
    as_of,
    value,
    unit_sv,
    tolerance_sv,
    basis_sv,
    document_id
from kpi.resources
where measure in ('yearly_rent_saved_so_far', 'yearly_rent_saved', 'yearly_rent_added', 'yearly_rent_saved_net')
order by as_of, measure
