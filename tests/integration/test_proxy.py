"""The shipped site of nginx before a stand-in for Dagster: who gets through to it, and with which pages open."""

import getpass
import grp
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.integration.conftest import free_port

SITE = Path(__file__).resolve().parents[2] / "deploy" / "nginx.conf"
PASSWORD = {"Authorization": "Basic YW5uYTp4"}  # anna:x
FOREIGN = {"Sec-Fetch-Site": "cross-site", "Origin": "https://elsewhere.example"}
WEB_SOCKET = {"Upgrade": "websocket", "Connection": "Upgrade"}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Where nginx listens, without TLS."""
    if (nginx := shutil.which("nginx")) is None:
        pytest.skip("nginx is not installed")

    class Dagster(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()

        do_POST = do_GET  # noqa: N815  (the library's name)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    (folder / "published" / "site").mkdir(parents=True)
    (folder / "published" / "site" / "index.html").write_text("the report", "utf-8")
    (folder / "published" / ".lock").touch()
    (folder / "passwords").write_text("anna:{PLAIN}x\n", "utf-8")
    dagster = ThreadingHTTPServer(("127.0.0.1", 0), Dagster)
    site = SITE.read_text("utf-8").replace("/var/lib/narvaro/published", str(folder / "published"))
    site = site.replace("/etc/nginx/narvaro.passwords", str(folder / "passwords"))
    site = site.replace("127.0.0.1:3000", f"127.0.0.1:{dagster.server_address[1]}")
    site = site.replace("listen 443 ssl", f"listen 127.0.0.1:{port}").replace(
        "listen 80", f"listen 127.0.0.1:{free_port()}"
    )
    site = "\n".join(line for line in site.splitlines() if "[::]" not in line and "ssl_certificate" not in line)
    temporary = " ".join(
        f"{each}_temp_path {folder}/{each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    general = (
        f"daemon off; user {getpass.getuser()} {grp.getgrgid(os.getgid()).gr_name}; error_log stderr; pid {folder}/pid;"
    )
    (folder / "nginx.conf").write_text(
        f"{general} events {{}}\nhttp {{ access_log off; {temporary}\n{site} }}\n", "utf-8"
    )
    thread = threading.Thread(target=dagster.serve_forever)
    thread.start()
    with subprocess.Popen([nginx, "-c", folder / "nginx.conf", "-p", folder], stderr=subprocess.DEVNULL) as process:
        try:
            for _ in range(100):
                try:
                    answer(port, "GET", "/")
                    break
                except ConnectionError:
                    assert process.poll() is None
                    time.sleep(0.05)
            yield port
        finally:
            process.terminate()
            dagster.shutdown()
            thread.join()
            dagster.server_close()


def answer(port: int, method: str, path: str, **headers: str) -> int:
    """The status; `Origin="own"` is that of the site itself."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    if headers.get("Origin") == "own":
        headers["Origin"] = f"http://127.0.0.1:{port}"
    connection.request(method, path, headers=headers)
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.parametrize("path", ["/dagster", "/dagster/graphql", "/dagster/report_asset_check/kpi/presence"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_nobody_reaches_dagster_without_a_password(port: int, method: str, path: str) -> None:
    assert answer(port, method, path) == 401
    assert answer(port, method, path, **PASSWORD) == 200


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "same-origin", "Origin": "own"}, WEB_SOCKET])
def test_dagsters_own_pages_and_programs_reach_it(port: int, headers: dict[str, str]) -> None:
    assert answer(port, "POST", "/dagster/graphql", **PASSWORD, **headers) == 200
    assert answer(port, "GET", "/dagster/graphql", **PASSWORD, **headers) == 200


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("POST", "/dagster/graphql", FOREIGN),
        ("GET", "/dagster/graphql?query=mutation", {"Sec-Fetch-Site": "cross-site"}),
        ("GET", "/dagster/%67raphql?query=mutation", {"Sec-Fetch-Site": "cross-site"}),
        ("GET", "/dagster//graphql?query=mutation", {"Sec-Fetch-Site": "same-site"}),
        ("POST", "/dagster/graphql", {"Origin": "https://elsewhere.example"}),
        ("POST", "/dagster/graphql", {"Origin": "null"}),
        ("GET", "/dagster/graphql", {**WEB_SOCKET, "Origin": "https://elsewhere.example"}),
        ("POST", "/dagster/report_asset_check/kpi/presence", FOREIGN),
    ],
)
def test_a_page_of_another_site_changes_nothing_with_a_colleagues_password(
    port: int, method: str, path: str, headers: dict[str, str]
) -> None:
    assert answer(port, method, path, **PASSWORD, **headers) == 403


def test_a_link_in_a_message_opens_a_run(port: int) -> None:
    assert answer(port, "GET", "/dagster/runs/8fa34282", **PASSWORD, **{"Sec-Fetch-Site": "cross-site"}) == 200


def test_everybody_reads_the_report_and_nothing_hidden(port: int) -> None:
    assert answer(port, "GET", "/site/") == 200
    assert answer(port, "GET", "/.lock") == 403
    assert answer(port, "POST", "/site/") == 403
