"""What the release knows of every municipality and county, asked of its tables once for all of them.

Belongs here: queries whose rows several pages share, grouped by municipality, office or county. Does not belong here:
words, and how a page arranges them (`pages`).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from orchestration.site.warehouse import Facts, Row

Grouped = Mapping[str, list[Row]]
NOT_IN_USE = "collaboration_not_in_use"
"""The presence of a municipality whose last office is closed, and whose collaboration is not in use."""


@dataclass
class Places:
    """The facts of one release by place."""

    facts: Facts

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days that tables of places show: the first, that of the rows, the later documents', the last."""
        found = self.facts.row("select min(as_of) as first, max(as_of) as last from kpi.municipality_presence")
        documents = self.facts.rows(
            """select distinct as_of from meta.document semi join kpi.municipality_presence using (as_of)
               where as_of >= ? order by as_of""",
            self.facts.counted_on,
        )
        days = [found["first"], self.facts.counted_on, *(row["as_of"] for row in documents), found["last"]]
        return tuple(dict.fromkeys(days))

    @cached_property
    def presence(self) -> Mapping[tuple[str, date], Row]:
        """`kpi.municipality_presence` on those days, by municipality and day."""
        found = self.facts.rows(
            """select as_of, municipality_code, presence, presence_sv, drop_in, drop_in_sv
               from kpi.municipality_presence where as_of in (select unnest(?))""",
            list(self.days),
        )
        return {(row["municipality_code"], row["as_of"]): row for row in found}

    @cached_property
    def periods(self) -> Grouped:
        """By municipality: the presence and drop-in of each time in which they stay the same."""
        found = self.facts.rows(
            """with changes as (
                   select municipality_code, as_of, presence, presence_sv, drop_in, drop_in_sv,
                          (presence, drop_in) is distinct from lag((presence, drop_in)) over by_day as is_change
                   from kpi.municipality_presence
                   window by_day as (partition by municipality_code order by as_of)
               ), numbered as (
                   select *, count(*) filter (is_change) over (partition by municipality_code order by as_of) as period
                   from changes
               )
               select municipality_code, min(as_of) as since, max(as_of) as until,
                      any_value(presence) as presence, any_value(presence_sv) as presence_sv,
                      any_value(drop_in) as drop_in, any_value(drop_in_sv) as drop_in_sv
               from numbered group by municipality_code, period order by municipality_code, since"""
        )
        return grouped(found, "municipality_code")

    @cached_property
    def presence_labels(self) -> Mapping[str, Row]:
        """How the forms of presence are called, by code."""
        found = self.facts.rows("select distinct presence, presence_sv from kpi.municipality_presence")
        return {row["presence"]: row for row in found}

    @cached_property
    def forms(self) -> Grouped:
        """By office: the days from which it counts as staffed, as travel-to, or as an office of unknown form.

        A change counts from the day of its decision, where the plan that brings it has one.
        """
        found = self.facts.rows(
            """with changes as (
                   select distinct subject as office_id, as_of, metric as form,
                          lag(as_of) over (partition by subject order by as_of) as before
                   from meta.trace
                   where table_name = 'kpi.presence' and metric in ('staffed', 'travel_to', 'form_unknown')
                   qualify metric is distinct from lag(metric) over (partition by subject order by as_of)
               )
               select c.office_id, c.form, coalesce(max(p.known_from), c.as_of) as since
               from changes as c
               left join core.fct_office_plan as p
                   on c.office_id = p.office_id and p.known_from > c.before and p.known_from <= c.as_of
               group by c.office_id, c.form, c.as_of order by c.office_id, since"""
        )
        return grouped(found, "office_id")

    @cached_property
    def plans(self) -> Grouped:
        """`core.fct_office_plan` by office, the first version first."""
        return grouped(
            self.facts.rows("select * from core.fct_office_plan order by office_id, known_from"), "office_id"
        )

    @cached_property
    def closings(self) -> Grouped:
        """`core.fct_office_closing` by office, the version that counts first."""
        found = self.facts.rows(
            "select * from core.fct_office_closing order by office_id, known_to desc nulls first, holds_from"
        )
        return grouped(found, "office_id")

    @cached_property
    def states(self) -> Grouped:
        """`core.fct_collaboration_state` by office, as far as no later document says otherwise."""
        found = self.facts.rows(
            "select * from core.fct_collaboration_state where known_to is null order by office_id, as_of"
        )
        return grouped(found, "office_id")

    @cached_property
    def gaps(self) -> Grouped:
        """`kpi.presence_gap` by office, from the first document's day on which it is closed."""
        found = self.facts.rows("select * from kpi.presence_gap where as_of >= closed_on order by office_id, as_of")
        return grouped(found, "office_id")

    @cached_property
    def worst_gaps(self) -> Mapping[str, Row]:
        """By municipality: the longest gap of its offices on the latest day of the rows."""
        found = self.facts.rows(
            """select municipality_code, max(gap_days_min) as gap_days_min,
                      case when bool_or(is_open) then null else max(gap_days_max) end as gap_days_max,
                      bool_or(is_open) as is_open
               from kpi.presence_gap where as_of = ? and gap_days_min is not null group by municipality_code""",
            self.facts.counted_on,
        )
        return {row["municipality_code"]: row for row in found}

    @cached_property
    def centres(self) -> Grouped:
        """By municipality: its service centres, each with what the documents say of its launch."""
        found = self.facts.rows(
            """select c.municipality_code, c.service_centre_id, c.locality, c.is_new, l.* exclude (service_centre_id,
                      source_row_id), coalesce(l.source_row_id, c.source_row_id) as source_row_id
               from core.dim_service_centre as c
               left join core.fct_service_launch as l using (service_centre_id)
               order by c.locality, l.known_to desc nulls first, l.known_from desc"""
        )
        return grouped(found, "municipality_code")

    @cached_property
    def verdicts(self) -> Grouped:
        """By municipality: the criteria that could be judged, each with the documents that word it so.

        What is met for a whole region says the same of each of its municipalities, and `is_shared`.
        """
        found = self.facts.rows(
            """select *, verdict = 'met' and count(*) over (partition by criterion, evidence) > 1 as is_shared
               from (
                   select municipality_code, office_id, criterion, criterion_sv, verdict, verdict_sv, evidence,
                          evidence_sv, list(source_row_id order by as_of, source_row_id) as source_row_ids
                   from kpi.criteria where verdict <> 'not_computable' and municipality_code is not null
                   group by all
               )
               order by municipality_code, criterion, office_id"""
        )
        return grouped(found, "municipality_code")

    @cached_property
    def statements(self) -> Grouped:
        """By municipality: what running text says of it or of a place in it, and the unit that works with it."""
        found = self.facts.rows(
            """with places as (
                   select municipality as name, 'municipality' as place_kind, municipality_code
                   from core.dim_municipality
                   union all by name
                   select distinct locality as name, 'locality' as place_kind, municipality_code
                   from (from core.dim_office select locality, municipality_code
                         union all from core.dim_service_centre select locality, municipality_code)
               )
               select municipality_code, place as printed, place_list, place_list_sv, as_of, null as unit,
                      list(source_row_id order by source_row_id) as source_row_ids
               from meta.stated_place as stated join places
                   on stated.place_kind = places.place_kind
                      and lower(replace(place, '-', ' ')) = lower(replace(name, '-', ' '))
               where place_list <> 'unit_municipality'
               group by all
               union all by name
               select municipality_code, place_printed as printed, as_of, unit, [source_row_id] as source_row_ids
               from kpi.cooperation
               order by municipality_code, printed, as_of, place_list"""
        )
        return grouped(found, "municipality_code")

    @cached_property
    def conflicts(self) -> Grouped:
        """By municipality: `meta.conflict` on its offices, service centres and localities."""
        found = self.facts.rows(
            """with places as (
                   from core.dim_office select locality, municipality_code
                   union
                   from core.dim_service_centre select locality, municipality_code
               )
               select p.municipality_code, c.* from meta.conflict as c join places as p on p.locality = c.subject
               order by p.municipality_code, c.subject, c.conflict_id"""
        )
        return grouped(found, "municipality_code")

    @cached_property
    def fed(self) -> Mapping[str, Row]:
        """By municipality: registered jobseekers and visits of the latest month, as far as feeds bring them."""
        found = self.facts.rows(
            """with registered as (
                   select municipality_code, report_month, registered, registered_min, registered_max,
                          status as registered_status
                   from core.fct_registration where visitor_group = 'all'
               ), visits as (
                   select scope_code as municipality_code, report_month, visits, visits_min, visits_max, status,
                          visits_per_100, visits_per_100_min, visits_per_100_max, rate_status
                   from kpi.visits where scope = 'municipality' and visitor_group = 'all' and channel = 'all'
               )
               select * replace (
                   coalesce(registered_status, 'missing') as registered_status, coalesce(status, 'missing') as status,
                   coalesce(rate_status, 'missing') as rate_status
               )
               from registered full join visits using (municipality_code, report_month)
               qualify dense_rank() over (order by report_month desc) = 1"""
        )
        return {row["municipality_code"]: row for row in found}

    @cached_property
    def county_presence(self) -> Mapping[tuple[str, date], Row]:
        """`kpi.presence` of the counties on the days that tables show, by county and day."""
        found = self.facts.rows(
            "select * from kpi.presence where scope = 'county' and as_of in (select unnest(?)) order by scope_code",
            list(self.days),
        )
        return {(row["scope_code"], row["as_of"]): row for row in found}

    @cached_property
    def county_gaps(self) -> Mapping[str, Row]:
        """`kpi.presence_gap_by_scope` of the counties on the latest day of the rows."""
        found = self.facts.rows(
            "select * from kpi.presence_gap_by_scope where scope = 'county' and as_of = ?", self.facts.counted_on
        )
        return {row["scope_code"]: row for row in found}

    @cached_property
    def county_municipalities(self) -> Grouped:
        """`core.dim_municipality` by county."""
        found = sorted(self.facts.municipalities.values(), key=lambda row: str(row["municipality"]))
        return dict(sorted(grouped(found, "county_code").items()))


def grouped(rows: Iterable[Row], column: str) -> Grouped:
    """Rows by the value of a column, in their order."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[column], []).append(row)
    return found
