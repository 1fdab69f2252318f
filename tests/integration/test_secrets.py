"""What only the environment may know is in nothing that nights write: no file, no record of Dagster, no output."""

import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import paths

NARVARO = Path(sys.executable).with_name("narvaro")
KEY, PASSWORD, TOKEN = "nyckel-för-besök-0123456789", "lösen-till-databasen", "adress-till-teamet"
CONTACTS = """contact_id;occurred_at;municipality_code;office;group;channel
7001;2020-01-31 09:15:00;0180;Af Globen;all;visit_booked
7002;2020-01-31 10:15:00;9999;Af Globen;all;visit_booked
"""


def test_no_secret_is_in_anything_that_good_and_bad_nights_write(
    own_data_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("NARVARO_CONTACT_KEY", KEY)
    monkeypatch.setenv("NARVARO_ALERTS", f"json://narvaro:{TOKEN}@127.0.0.1:9/hook nonsense://{TOKEN}")
    landing = paths.landing_folder() / "contacts"
    landing.mkdir(parents=True)
    (landing / "besök.csv").write_text(CONTACTS, "utf-8")
    (landing / "trasig.csv").write_text(CONTACTS.replace(";Af Globen", ""), "utf-8")
    said = _run("run")
    assert "Released" in said
    assert "An alert could not be delivered: address 1 of NARVARO_ALERTS (json)." in said, said
    (tmp_path / "documents.yml").write_text("documents: [", "utf-8")
    said += _run("run", "--documents", str(tmp_path))
    monkeypatch.setenv("NARVARO_POSTGRESQL", f"postgresql://narvaro:{PASSWORD}@127.0.0.1:9/narvaro")
    said += _run("run", "--again")
    said += _run("status") + _run("watch")

    secrets = [each.encode(encoding) for each in (KEY, PASSWORD, TOKEN) for encoding in ("utf-8", "latin-1")]
    written = {file: file.read_bytes() for file in own_data_folder.rglob("*") if file.is_file()}
    assert len(written) > 1000
    assert [str(file) for file, content in written.items() if any(secret in content for secret in secrets)] == []
    assert not any(secret.decode() in said for secret in secrets[::2]), said


def _run(*arguments: str) -> str:
    done = subprocess.run([NARVARO, *arguments], capture_output=True, text=True, check=False)
    return done.stdout + done.stderr
