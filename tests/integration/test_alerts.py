"""People hear of what failed, what is late and what was set aside: by e-mail and webhook, each thing once a night."""

import email
import email.policy
import json
import logging
import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from aiosmtpd.controller import Controller
from typer.testing import CliRunner

from orchestration import alerts, freshness, full_disk, messenger, monitoring, paths, sensors
from orchestration.cli import app
from orchestration.definitions import defs
from orchestration.deliveries import Deliveries, Delivery, Kind, Status
from orchestration.monitoring import FailedCheck, LatestNight
from orchestration.night import run_night
from orchestration.published import Published, PublishedError
from tests.integration.conftest import GoodNight, free_port

NOW = datetime(2026, 11, 24, 3, 20, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SECRET = "hemligt-lösenord"  # noqa: S105


@dataclass
class Desk:
    """Who is told: a mail server and a web server of this machine."""

    mails: list[str] = field(default_factory=list)
    posts: list[dict[str, Any]] = field(default_factory=list)
    answer: int = 200

    @property
    def titles(self) -> list[str]:
        """Of the messages that the webhook got."""
        return [each["title"] for each in self.posts]


@pytest.fixture
def desk(own_data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    desk = Desk()

    class Mailbox:
        async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
            read = email.message_from_bytes(envelope.content, policy=email.policy.default)
            assert isinstance(read, email.message.EmailMessage)
            body = read.get_body(("plain", "html"))
            assert body is not None
            desk.mails.append(f"{read['subject']}\n{body.get_content()}")
            return "250 taken"

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            desk.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(desk.answer)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    web = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    thread = threading.Thread(target=web.serve_forever)
    thread.start()
    port = free_port()
    mail = Controller(Mailbox(), hostname="127.0.0.1", port=port)
    mail.start()
    try:
        addresses = (
            f"mailto://127.0.0.1:{port}?from=narvaro@authority.example&to=desk@authority.example",
            f"json://narvaro:{SECRET}@127.0.0.1:{web.server_address[1]}/hook",
        )
        monkeypatch.setenv("NARVARO_ALERTS", "\n".join(addresses))
        yield desk
    finally:
        mail.stop()
        web.shutdown()
        thread.join()
        web.server_close()


def night(outcome: Any = "failed", *checks: FailedCheck, errors: tuple[str, ...] = (), at: datetime = NOW) -> None:
    """Put a night on record."""
    LatestNight(
        run_id="8fa34282",
        outcome=outcome,
        started_at=at - HOUR,
        finished_at=at,
        checks_passed=200,
        failed_checks=checks,
        errors=errors,
    ).write()


BROKEN = FailedCheck(
    asset="kpi.presence", name="staffed_is_a_part", severity="error", failed_rows=3, description="2519: 4 of 3"
)
SOFT = FailedCheck(
    asset="core.dim_office", name="names_are_known", severity="warning", failed_rows=1, description="Af Äppelbo"
)


def test_a_refused_night_is_told_by_mail_and_webhook_with_its_check_rows_and_what_to_do(desk: Desk) -> None:
    night("refused", BROKEN)
    assert alerts.tell(NOW) == ["The night was refused"]
    (mail,), (post,) = desk.mails, desk.posts
    assert post["title"] == "Närvaro: The night was refused"
    for told in (mail, post["message"]):
        assert "kpi.presence: staffed_is_a_part failed (error): 2519: 4 of 3 (3 rows)" in told
        assert "What is published stays as it was" in told
        assert "What to do: see `narvaro status`" in told
    assert "Närvaro: The night was refused" in mail


def test_a_bad_night_is_told_at_once_when_it_changes_once_a_day_while_it_lasts_and_when_it_is_over(desk: Desk) -> None:
    night(errors=("The disk is full.",))
    assert alerts.tell(NOW) == ["The night failed"]
    assert alerts.tell(NOW + HOUR) == []
    night(errors=("The register cannot be read.",))
    assert alerts.tell(NOW + HOUR) == ["The night failed"]
    assert alerts.tell(NOW + DAY) == []
    assert alerts.tell(NOW + DAY + HOUR) == ["The night failed"]
    night("released")
    assert alerts.tell(NOW + 2 * DAY) == ["All is well again"]
    assert alerts.tell(NOW + 3 * DAY) == []
    assert "- The night failed" in desk.posts[-1]["message"]
    assert len(desk.mails) == len(desk.posts) == 4


def test_a_bad_night_says_nothing_of_warnings_that_it_did_not_look_for(desk: Desk) -> None:
    night("released", SOFT)
    assert alerts.tell(NOW) == ["A check does not pass: names_are_known"]
    night(errors=("The register cannot be read.",))
    assert alerts.tell(NOW + DAY) == ["The night failed"]
    night("released", SOFT)
    assert alerts.tell(NOW + 2 * DAY) == ["All is well again"]
    assert "- The night failed" in desk.posts[-1]["message"]
    assert "names_are_known" not in desk.posts[-1]["message"]


def test_one_thing_that_cannot_be_found_out_hides_no_other(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    month_of_contacts("2026-09")
    night()
    assert set(alerts.tell(NOW)) == {"The night failed", "A feed is late: contacts"}
    monkeypatch.setattr(freshness, "late", lambda _: 1 / 0)
    night(errors=("The register cannot be read.",))
    assert alerts.tell(NOW + HOUR) == ["The night failed"]
    assert "A part of the alerts could not be told: ZeroDivisionError." in caplog.text
    night("released")
    assert alerts.tell(NOW + 2 * HOUR) == []


def test_a_disk_that_fills_up_is_told_even_where_no_record_can_be_kept(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    little = "Free: 12.0 MB of 99.0 MB (/srv). A night needs about 130.0 MB while it runs."
    monkeypatch.setattr(full_disk, "foretold", lambda: little)
    assert alerts.tell(NOW) == ["The disk fills up"]
    assert little in desk.mails[0]
    assert "What to do: make room before nights fail" in desk.posts[0]["message"]
    assert alerts.tell(NOW + HOUR) == []

    night(errors=("The disk is full.",))
    with monkeypatch.context() as patch:
        patch.setattr(messenger, "replace_file", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left")))
        assert alerts.tell(NOW + DAY) == []
    assert "Alerts could not be told: OSError." in caplog.text
    assert desk.titles == ["Närvaro: The disk fills up"] * 2

    monkeypatch.setattr(full_disk, "foretold", lambda: "")
    assert alerts.tell(NOW + DAY) == ["The night failed", "All is well again"]
    assert "- The disk fills up" in desk.posts[-1]["message"]


def test_what_is_old_when_alerts_are_first_set_is_not_told(desk: Desk) -> None:
    night("nothing_new")
    refuse("gammal.csv", NOW - 30 * DAY)
    refuse("ny.csv", NOW)
    assert alerts.tell(NOW) == ["A file was refused: ny.csv"]
    assert alerts.tell(NOW + HOUR) == []


def test_a_night_that_could_not_be_put_on_record_is_told(desk: Desk) -> None:
    failed = LatestNight(
        run_id="8fa34282",
        outcome="failed",
        started_at=NOW,
        finished_at=NOW,
        checks_passed=0,
        errors=("The disk is full.",),
    )
    assert alerts.tell(NOW, latest=failed) == ["The night failed"]


def test_a_warning_is_told_once_a_week_while_it_stays_as_it_is(desk: Desk) -> None:
    night("released", SOFT)
    told = [alerts.tell(NOW + number * DAY) for number in range(9)]
    assert told == [["A check does not pass: names_are_known"], *[[]] * 6, told[0], []]
    night("released", SOFT.model_copy(update={"failed_rows": 2}))
    assert alerts.tell(NOW + 9 * DAY) == told[0]
    assert "core.dim_office: names_are_known, 2 rows." in desk.posts[-1]["message"]
    assert "Af Äppelbo" in desk.posts[-1]["message"]


def test_what_was_not_delivered_is_told_by_the_next_night_and_no_secret_is_logged(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    night()
    desk.answer = 500
    with caplog.at_level(logging.DEBUG):
        assert alerts.tell(NOW) == ["The night failed"]
    assert "address 2 of NARVARO_ALERTS (json)" in caplog.text
    assert SECRET not in caplog.text
    assert desk.titles == ["Närvaro: The night failed"]
    assert len(desk.mails) == 1
    assert messenger.undelivered() == ["The night failed"]
    assert alerts.tell(NOW + HOUR) == []
    told = CliRunner().invoke(app, ["status", "--max-age", "26h"])
    assert "messages that an address of NARVARO_ALERTS did not take: The night failed" in told.output
    desk.answer = 200
    assert alerts.tell(NOW + 2 * HOUR) == ["The night failed"]
    assert alerts.tell(NOW + 3 * HOUR) == []
    assert messenger.undelivered() == []
    assert len(desk.mails) == 1


def test_that_all_is_well_again_is_told_to_whom_it_could_not_be_told_at_first(desk: Desk) -> None:
    night()
    assert alerts.tell(NOW) == ["The night failed"]
    night("released")
    desk.answer = 500
    assert alerts.tell(NOW + HOUR) == [messenger.OVER]
    assert messenger.undelivered() == [messenger.OVER]
    assert alerts.tell(NOW + 2 * HOUR) == []
    desk.answer = 200
    assert alerts.tell(NOW + 3 * HOUR) == [messenger.OVER]
    assert alerts.tell(NOW + 4 * HOUR) == messenger.undelivered() == []
    assert "- The night failed" in desk.posts[-1]["message"]
    assert len(desk.mails) == 2


def test_what_nobody_heard_of_is_not_told_as_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    night()
    known = os.environ["NARVARO_ALERTS"]
    monkeypatch.setenv("NARVARO_ALERTS", "json://127.0.0.1:9/nobody")
    assert alerts.tell(NOW) == []
    night("released")
    monkeypatch.setenv("NARVARO_ALERTS", known)
    assert alerts.tell(NOW + HOUR) == messenger.undelivered() == []
    assert (desk.mails, desk.posts) == ([], [])


def test_nights_that_fail_alike_are_told_once_a_day_whatever_their_numbers(desk: Desk) -> None:
    for at, (free, process, run) in enumerate([("35.2", "4711", "8fa34282"), ("34.9", "53", "00000000")]):
        night(errors=(f"The disk is full. Free: {free} MB; process {process}; run {run}",))
        assert alerts.tell(NOW + at * HOUR) == [["The night failed"], []][at]


def test_what_no_address_took_is_told_to_all_by_the_next_night(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    night()
    known = os.environ["NARVARO_ALERTS"]
    monkeypatch.setenv("NARVARO_ALERTS", "json://127.0.0.1:9/nobody")
    assert alerts.tell(NOW) == []
    assert messenger.undelivered() == ["The night failed"]
    monkeypatch.setenv("NARVARO_ALERTS", known)
    assert alerts.tell(NOW + HOUR) == ["The night failed"]
    assert len(desk.mails) == len(desk.posts) == 1


def test_an_address_that_is_none_is_told_in_the_log_and_keeps_no_other_from_being_used(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("NARVARO_ALERTS", f"nonsense://{SECRET} " + messenger.addresses()[1])
    night()
    assert alerts.tell(NOW) == ["The night failed"]
    assert desk.titles == ["Närvaro: The night failed"]
    assert "address 1 of NARVARO_ALERTS (nonsense)" in caplog.text
    assert SECRET not in caplog.text


def test_without_an_address_nothing_is_told_and_nothing_remembered(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NARVARO_ALERTS")
    night()
    assert alerts.tell(NOW) == []
    assert not paths.build_file().with_name("alerts.json").exists()


def test_a_record_that_cannot_be_read_begins_anew(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    night()
    paths.build_file().with_name("alerts.json").write_text("{", "utf-8")
    assert alerts.tell(NOW) == ["The night failed"]
    assert "alerts.json cannot be read and begins anew" in caplog.text
    assert alerts.tell(NOW + HOUR) == []


SCHEDULED = {"dagster/schedule_name": "every_night"}


def failed_run(job: str, reason: str, tags: Mapping[str, str], asset: str | None = None) -> str:
    """What the sensor of failed runs says of a run that ended like this."""
    with dg.DagsterInstance.get() as instance:
        run = instance.create_run_for_job(
            defs.resolve_job_def(job),
            status=dg.DagsterRunStatus.STARTED,
            tags=tags,
            asset_selection={dg.AssetKey(asset.split("."))} if asset else None,
        )
        event = instance.report_run_failed(run, reason)
        found = instance.get_run_by_id(run.run_id)
        assert found is not None
        context = dg.build_run_status_sensor_context("failed_runs", event, instance, found)
        told = sensors.failed_runs(context.for_run_failure())
    assert isinstance(told, dg.SkipReason)
    return str(told.skip_message)


def test_an_unattended_night_that_was_killed_is_told_when_it_is_not_started_once_more(desk: Desk) -> None:
    killed = "Its process (4711) ended without a word: it was killed."
    assert failed_run("nightly", killed, SCHEDULED) == "It is started once more."
    assert (desk.posts, LatestNight.here()) == ([], None)
    assert failed_run("nightly", killed, {}) == "A person started it."

    last = {**SCHEDULED, "dagster/max_retries": "0"}
    assert failed_run("nightly", killed, last) == "It was put on record and told."
    assert desk.titles == ["Närvaro: The night failed"]
    assert killed in desk.posts[0]["message"]
    on_record = LatestNight.here()
    assert on_record is not None
    assert on_record.outcome == "failed"
    assert killed in CliRunner().invoke(app, ["status"]).output

    night("released", at=datetime.now(UTC) + HOUR)
    assert failed_run("nightly", killed, last) == "It is on record, or a later night is."
    assert alerts.tell(datetime.now(UTC)) == ["All is well again"]


@pytest.mark.parametrize(("job", "asset"), [("prune_history", None), ("nightly", "raw.kept_offices")])
def test_an_unattended_run_that_is_no_night_is_told_until_somebody_hears(
    desk: Desk, job: str, asset: str | None
) -> None:
    night("released")
    before, desk.answer = LatestNight.here(), 500
    tags = {"dagster/sensor_name": "a sensor", "dagster/max_retries": "0"}
    assert failed_run(job, "NARVARO_KEEP_RUNS_DAYS must be a whole number of days", tags, asset) == "It was told."
    assert f"A run failed: {job}" in desk.mails[0]
    assert "NARVARO_KEEP_RUNS_DAYS must be a whole number of days" in desk.mails[0]
    desk.answer = 200
    assert alerts.tell(NOW) == [f"A run failed: {job}"]
    assert alerts.tell(NOW) == []
    assert LatestNight.here() == before


def receive(name: str, status: Status, message: str, at: datetime = NOW) -> None:
    """Put a file of contacts on record."""
    records = Deliveries.here()
    records.add(
        Delivery(
            delivery_number=records.next_number(),
            name=name,
            sha256="1f0a93c4" * 8,
            size_bytes=17,
            kind=Kind.CONTACTS,
            received_at=at,
            status=status,
            message=message,
        )
    )


def refuse(name: str, at: datetime) -> None:
    """Put a refused file on record."""
    receive(name, Status.REFUSED, f"{name}, line 3: the line has 5 cells; expected 6, as in the heading.", at)


def test_a_refused_file_is_told_once_with_what_is_wrong(desk: Desk) -> None:
    night("nothing_new")
    refuse("besök.csv", NOW)
    assert alerts.tell(NOW) == ["A file was refused: besök.csv"]
    assert alerts.tell(NOW + 30 * DAY) == []
    assert "line 3: the line has 5 cells" in desk.posts[0]["message"]
    assert "drop it into landing/contacts again" in desk.posts[0]["message"]


NOT_ACCEPTED = FailedCheck(
    asset="raw.deliveries",
    name="dropped_files_are_accepted",
    severity="warning",
    failed_rows=2,
    description="000001-cccccccc besök.csv, contacts: waiting; 000002-cccccccc fel.csv, contacts: refused",
)


def test_a_file_that_waits_is_told_with_what_it_needs_until_it_is_taken(desk: Desk) -> None:
    dropped = paths.landing_folder() / "contacts" / "besök.csv"
    dropped.parent.mkdir(parents=True)
    dropped.write_text("bytes", "utf-8")
    night("released", NOT_ACCEPTED)
    receive("besök.csv", Status.WAITING, "besök.csv: contacts need a key; set NARVARO_CONTACT_KEY")
    assert alerts.tell(NOW) == ["A file waits: besök.csv"]
    assert "contacts need a key; set NARVARO_CONTACT_KEY" in desk.posts[0]["message"]
    assert "the next night takes it" in desk.posts[0]["message"]
    assert alerts.tell(NOW + DAY) == []
    assert alerts.tell(NOW + 7 * DAY) == ["A file waits: besök.csv"]
    dropped.unlink()
    receive("besök.csv", Status.ACCEPTED, "")
    assert alerts.tell(NOW + 8 * DAY) == ["All is well again"]


def test_a_refused_file_is_not_told_a_second_time_as_a_check(desk: Desk) -> None:
    refuse("fel.csv", NOW)
    night("released", NOT_ACCEPTED)
    assert alerts.tell(NOW) == ["A file was refused: fel.csv"]


def month_of_contacts(month: str) -> None:
    file = paths.feeds_folder() / "contacts" / f"report_month={month}-01" / "1.parquet"
    file.parent.mkdir(parents=True)
    file.touch()


def test_a_late_feed_is_told_until_it_comes(desk: Desk) -> None:
    month_of_contacts("2026-09")
    night("nothing_new")
    assert alerts.tell(datetime(2026, 11, 10, 4, tzinfo=UTC)) == []
    assert alerts.tell(datetime(2026, 11, 11, 4, tzinfo=UTC)) == ["A feed is late: contacts"]
    assert "contacts: 2026-10 was expected by 2026-11-10; the newest month is 2026-09." in desk.posts[0]["message"]
    assert "orchestration/freshness.yml" in desk.posts[0]["message"]
    assert alerts.tell(datetime(2026, 11, 12, 4, tzinfo=UTC)) == []
    month_of_contacts("2026-10")
    assert alerts.tell(datetime(2026, 11, 13, 4, tzinfo=UTC)) == ["All is well again"]


def test_the_watch_tells_that_no_night_was_good_and_a_failing_night_does_not_end_that(desk: Desk) -> None:
    done = CliRunner().invoke(app, ["watch"])
    assert done.exit_code == 3
    assert done.output.splitlines() == ["NOT OK: no night was good yet", "told: No good night for too long"]
    night()
    assert alerts.tell(datetime.now(UTC)) == ["The night failed"]
    assert CliRunner().invoke(app, ["watch"]).output.count("told: ") == 0
    assert desk.titles == ["Närvaro: No good night for too long", "Närvaro: The night failed"]


def test_a_night_tells_by_itself_once(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "documents.yml").write_text("documents: [", "utf-8")
    assert run_night(tmp_path / "documents").outcome == "failed"
    assert run_night(tmp_path / "documents").outcome == "failed"
    assert desk.titles == ["Närvaro: The night failed"]
    assert "documents.yml, line" in desk.posts[0]["message"]


def test_rows_that_are_set_aside_are_told_with_their_rule(
    later_night: GoodNight, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARVARO_DATA", str(later_night.data))
    release = Published.here().release
    assert release is not None
    assert alerts.tell(NOW) == []
    import duckdb

    release.database.chmod(0o644)
    with duckdb.connect(str(release.database)) as connection:
        connection.execute(
            "insert into meta.quarantine by name select 'a:1' as source_row_id, 'a' as document_id, 'kept_offices' as"
            " table_name, 'county_is_known' as rule, 'county: expected a county' as reason, 2 as rows,"
            " date '2026-11-01' as first_seen"
        )
    assert alerts.tell(NOW) == ["Rows are set aside: kept_offices"]
    assert "kept_offices: 2 rows not published, by the rule county_is_known." in desk.posts[0]["message"]
    assert "published/csv/meta.quarantine.csv" in desk.posts[0]["message"]
    assert alerts.tell(NOW + 10 * DAY) == []


@pytest.mark.parametrize(
    ("day", "newest", "late"),
    [
        (date(2026, 11, 25), date(2026, 9, 1), False),
        (date(2026, 11, 26), date(2026, 9, 1), True),
        (date(2026, 11, 26), date(2026, 10, 1), False),
        (date(2027, 1, 25), date(2026, 11, 1), False),
        (date(2027, 1, 26), date(2026, 11, 1), True),
        (date(2028, 2, 29), date(2028, 1, 1), False),
    ],
)
def test_a_month_is_late_after_its_day_of_the_next_one(day: date, newest: date, late: bool) -> None:
    declared = {Kind.REGISTRATIONS: freshness.Cadence(day=25)}
    assert bool(list(freshness._late(day, declared, {Kind.REGISTRATIONS: newest}))) == late


def test_a_feed_without_a_cadence_and_one_that_never_came_are_not_late() -> None:
    assert not list(freshness._late(date(2026, 11, 26), {Kind.CONTACTS: None}, {Kind.CONTACTS: date(2019, 1, 1)}))
    assert not list(freshness._late(date(2026, 11, 26), {Kind.CONTACTS: freshness.Cadence(day=10)}, {}))


def test_a_night_whose_end_cannot_be_told_is_none_the_worse(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    night()

    def broken() -> None:
        raise PublishedError("nobody can read it")

    monkeypatch.setattr(monitoring, "latest_night", lambda *_: broken())
    assert alerts.tell(NOW) == []
    assert "Alerts could not be told: PublishedError." in caplog.text
