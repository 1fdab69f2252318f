-- Which municipalities does each interviewed AF unit work with, and how many of them had an office on 15 October 2020?
-- Vilka kommuner arbetar varje intervjuad AF-enhet med, och hur många av dem hade ett kontor den 15 oktober 2020?
select
    cooperation.unit,
    count(*) as municipalities,
    count(*) filter (
        where presence.presence in ('staffed_office', 'travel_to_office', 'office_form_unknown')
    ) as with_office,
    string_agg(cooperation.municipality, ', ' order by cooperation.municipality_code) as municipality_names
from kpi.cooperation as cooperation
inner join kpi.municipality_presence as presence
    on cooperation.municipality_code = presence.municipality_code and presence.as_of = date '2020-10-15'
group by cooperation.unit
order by municipalities desc, cooperation.unit asc
