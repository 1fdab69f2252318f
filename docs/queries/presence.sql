-- How many offices does each county lose from late 2018 to late 2021, and how many municipalities their last?
-- Hur många kontor förlorar varje län från slutet av 2018 till slutet av 2021, och hur många kommuner sitt sista?
select
    earlier.scope_name as county,
    earlier.offices as offices_2018,
    later.offices as offices_2021,
    earlier.offices - later.offices as offices_lost,
    earlier.municipalities_with_office - later.municipalities_with_office as municipalities_without_their_last,
    later.municipalities - later.municipalities_with_office as municipalities_without_office_2021
from kpi.presence as earlier
inner join kpi.presence as later on earlier.scope = later.scope and earlier.scope_code = later.scope_code
where
    earlier.scope = 'county'
    and earlier.as_of = date '2018-12-31'
    and later.as_of = date '2021-12-31'
order by offices_lost desc, earlier.scope_code asc
