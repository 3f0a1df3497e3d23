"""The whole product in a real browser: web server, worker and mailbox on a fresh database, driven by Chromium."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.conftest import _sql, renamed
from waypost.app.setup import first_workspace
from waypost.kernel.config import Settings

ROOT = Path(__file__).parents[2]
UI = ROOT / "waypost" / "ui" / "index.html"
EMAIL = "ada@example.com"
PASSWORD = "a long enough password"
API_KEY = "wp_browser_tests_key_0123456789"
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The one of a browser under test says what it is, and mail that it opens would be taken for opened by a machine.
A_PERSONS_BROWSER = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
)
ARGUMENTS = [
    f"--user-agent={A_PERSONS_BROWSER}",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START_SECONDS = 60
# On a machine that does much else besides, five seconds may pass before a page has drawn what it knows.
expect.set_options(timeout=15_000)


@dataclass(frozen=True)
class Site:
    """A running Waypost; `dsn` is for letting time pass."""

    url: str
    api: httpx.Client
    dsn: str


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests come last: Playwright keeps its event loop running, which no other test could bear."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
    items.sort(key=lambda item: here in item.path.parents)


@pytest.fixture(scope="session")
def site(postgres: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One server for all browser tests; each test brings contacts of its own."""
    if not UI.exists():
        pytest.fail("The admin UI is not built; run ./dev ui.")
    name = f"{template}_browser"
    _run(_sql(postgres, f"create database {name} template {template}"))
    port = _free_port()
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("browser"),
        database_url=renamed(postgres, name),
        port=port,
        mailbox_port=_free_port(),
        admin_email=EMAIL,
        admin_password=PASSWORD,
        api_key=API_KEY,
        secret_key="for tests only, but long enough to be one",
        log_level="warning",
    )
    _run(first_workspace(settings, name="Analytical Engines"))
    children = [_start(command, settings) for command in ("web", "worker", "mailbox")]
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, children[0])
        with httpx.Client(base_url=f"{url}/api/v1", headers={"Api-Token": API_KEY}, timeout=20) as api:
            yield Site(url, api, settings.database_url)
    finally:
        for child in children:
            child.terminate()
        for child in children:
            child.wait(timeout=20)
        _run(_sql(postgres, f"drop database {name} with (force)"))


def _run(work: Coroutine[Any, Any, object]) -> None:
    """In a thread of its own, because a loop may be running in this one."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, work).result()


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def _start(command: str, settings: Settings) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "WAYPOST_DATA_DIR": str(settings.data_dir),
        "WAYPOST_DATABASE_URL": settings.database_url,
        "WAYPOST_PORT": str(settings.port),
        "WAYPOST_MAILBOX_PORT": str(settings.mailbox_port),
        "WAYPOST_SECRET_KEY": settings.secret_key,
        "WAYPOST_LOG_LEVEL": settings.log_level,
        "WAYPOST_ALLOW_PRIVATE_HOSTS": "true",
    }
    program = "import sys; from waypost.app.cli import main; sys.exit(main())"
    return subprocess.Popen([sys.executable, "-c", program, command], cwd=ROOT, env=env)


def _wait_for(url: str, child: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if child.poll() is not None:
            pytest.fail("The web server ended while it was starting.")
        try:
            if httpx.get(f"{url}/healthz").status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    pytest.fail("The web server did not answer.")


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any], site: Site) -> dict[str, Any]:
    """Asks for the site first, so that the server is up before Playwright's event loop runs."""
    del site
    found = os.environ.get("CHROMIUM") or next((path for name in BROWSERS if (path := shutil.which(name))), None)
    chosen = {"executable_path": found} if found else {}
    return {**browser_type_launch_args, **chosen, "args": ARGUMENTS}


@pytest.fixture(scope="session")
def base_url(site: Site) -> str:
    return site.url


@pytest.fixture(scope="session")
def signed_in(browser: Browser, site: Site, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The cookies of a session, made once by signing in."""
    path = tmp_path_factory.mktemp("session") / "state.json"
    context = browser.new_context(base_url=site.url)
    page = context.new_page()
    page.goto("/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation", name="Main").wait_for()
    context.storage_state(path=path)
    context.close()
    return path


@pytest.fixture
def browser_context_args(
    browser_context_args: dict[str, Any], request: pytest.FixtureRequest, site: Site
) -> dict[str, Any]:
    """Signed in, unless the test is marked with `signed_out`."""
    state = {} if "signed_out" in request.fixturenames else {"storage_state": request.getfixturevalue("signed_in")}
    return {
        **browser_context_args,
        **state,
        "base_url": site.url,
        "viewport": {"width": 1440, "height": 900},
        "reduced_motion": "reduce",
        "locale": "en-GB",
    }


@pytest.fixture
def signed_out() -> None:
    """Ask for it to begin without a session."""


@pytest.fixture(autouse=True)
def no_page_errors(page: Page) -> Iterator[None]:
    """A test fails when the page throws or React complains. Answers of the server that say no are no errors."""
    bad: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and "Failed to load resource" not in message.text:
            bad.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: bad.append(str(error)))
    yield
    assert not bad, bad


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fails when axe finds something serious on the page as it is now."""

    def check(page: Page) -> None:
        found = Axe().run(page).response["violations"]
        serious = [
            f"{item['id']}: {[node['target'] for node in item['nodes'][:3]]}"
            for item in found
            if item["impact"] in ("serious", "critical")
        ]
        assert not serious, serious

    return check
