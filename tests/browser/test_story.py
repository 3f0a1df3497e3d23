"""The whole story by hand in one run: a messy file, a message, an automation, real mail, and what came of it.

With STORY_SHOTS set to a folder, every step leaves a screenshot there (`python -m tools.screenshots story`).
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests.browser.clocks import let_mail_lie, let_time_pass
from tests.browser.conftest import EMAIL, PASSWORD, Site

MESSY = """E-Mail;Vorname;Nachname;Tags;Umsatz
story.ada@example.org;Augusta;Byron;VIP;7
 STORY.GRACE@example.org ;Grace;Hopper;VIP;89,00
story.katherine@example.org;Katherine;Johnson;;12,30
story.mary@example.org;Mary;Jackson;Beta;0
not-an-address;Nobody;Here;;1
story.ada@example.org;Ada;Lovelace;"VIP, Beta";1.250,50
;Empty;Row;;2
story.jürgen@example.org;Jürgen;Groß;Beta;3
"""
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
Shoot = Callable[..., None]


class Storefront(BaseHTTPRequestHandler):
    """The page a link leads to, on a real server: a redirect is beyond what a test can answer in the browser."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(b"<h1>The shop</h1>")

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture
def shop() -> Iterator[str]:
    """Where the shop is."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Storefront)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/autumn"
    server.shutdown()
    server.server_close()


@pytest.fixture
def shoot(page: Page) -> Shoot:
    """Takes a picture of the step where somebody wants pictures."""
    folder = os.environ.get("STORY_SHOTS")
    page.set_default_timeout(10_000)
    page.set_viewport_size(WIDE)  # type: ignore[arg-type]

    def take(name: str, *, also: tuple[str, ...] = ()) -> None:
        if folder is None:
            return
        page.mouse.move(2, 400)
        page.wait_for_timeout(700)
        page.screenshot(path=Path(folder) / f"{name}.png")
        if "dark" in also:
            page.emulate_media(color_scheme="dark")
            page.wait_for_timeout(500)
            page.screenshot(path=Path(folder) / f"{name}-dark.png")
            page.emulate_media(color_scheme="light")
        if "phone" in also:
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
            page.wait_for_timeout(700)
            fit = page.get_by_role("button", name="Fit to screen")
            if fit.count():
                fit.click()
                page.wait_for_timeout(500)
            page.screenshot(path=Path(folder) / f"{name}-phone.png")
            page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        page.wait_for_timeout(200)

    return take


@pytest.mark.usefixtures("signed_out")
def test_the_story_by_hand(page: Page, site: Site, shop: str, tmp_path: Path, shoot: Shoot) -> None:
    sign_in(page, shoot)
    import_the_file(page, tmp_path, shoot)
    design_the_message(page, shop, shoot)
    automation_id = build_the_automation(page, shoot)
    tag_everyone(page, shoot)
    read_and_click(page, site, shop, shoot)
    unsubscribe(page, shoot)
    let_time_pass(site, automation_id)
    look_at_what_came_of_it(page, site, automation_id, shoot)


def sign_in(page: Page, shoot: Shoot) -> None:
    page.goto("/")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    shoot("01-sign-in")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("navigation", name="Main").wait_for()


def import_the_file(page: Page, tmp_path: Path, shoot: Shoot) -> None:
    file = tmp_path / "customers.csv"
    file.write_bytes(MESSY.encode("cp1252"))
    page.goto("/imports/new")
    page.get_by_label("Choose a CSV file").set_input_files(file)
    expect(page.get_by_role("heading", name="What is in the columns?")).to_be_visible()
    expect(page.get_by_role("combobox", name="Where column Vorname goes")).to_have_value("First name")
    shoot("02-columns")
    page.get_by_role("button", name="Check the file").click()
    expect(page.get_by_role("heading", name="This is what would happen")).to_be_visible(timeout=20_000)
    shoot("03-dry-run")
    page.get_by_role("button", name=re.compile(r"Import \d+ rows")).click()
    expect(page.get_by_role("heading", name="rows are done")).to_be_visible(timeout=20_000)
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile(r"Download the \d+ rows")).click()
    reasons = download.value.path().read_text("utf-8-sig")
    assert "not-an-address" in reasons
    assert "Augusta" in reasons
    shoot("04-imported", also=("phone",))


def design_the_message(page: Page, shop: str, shoot: Shoot) -> None:
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    page.get_by_role("dialog").get_by_text("Empty sheet").click()
    page.get_by_label("Name", exact=True).fill("Autumn offer")
    page.get_by_label("Subject line").fill("%FIRSTNAME|Friend%, your autumn coffee")
    page.get_by_test_id("new-heading").click()
    page.get_by_role("textbox", name="Heading", exact=True).fill("Hello %FIRSTNAME|friend%")
    page.get_by_test_id("new-text").click()
    page.get_by_role("textbox", name="Text", exact=True).fill("We kept a bag of the new harvest for you.")
    page.get_by_test_id("new-button").click()
    page.get_by_role("textbox", name="Label", exact=True).fill("See the offer")
    page.get_by_label("Leads to").fill(shop)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    shoot("05-message", also=("dark", "phone"))
    page.get_by_title("Desktop", exact=True).click()
    page.get_by_placeholder("Preview as a contact").fill("story.grace")
    page.get_by_role("option", name="story.grace@example.org").click()
    sheet = page.frame_locator("iframe[title='Preview of the message']")
    expect(sheet.get_by_text("Hello Grace")).to_be_visible()
    shoot("06-preview")


def add_step(page: Page, slot: str, name: str) -> None:
    page.get_by_test_id(f"slot-{slot}").get_by_role("button", name="Add a step here").click()
    page.get_by_role("menuitem", name=name, exact=True).click()


def choose(page: Page, name: str, option: str) -> None:
    page.get_by_role("combobox", name=name, exact=True).last.click()
    page.get_by_role("option", name=option, exact=True).click()


def ask(page: Page, condition: str) -> None:
    """One question about the message."""
    page.get_by_role("button", name="Add condition").last.click()
    page.get_by_role("textbox", name="Search conditions").fill(condition)
    page.get_by_role("option", name=condition, exact=True).click()
    choose(page, "Message", "Autumn offer")


def step_id(page: Page) -> str:
    """Of the step that is chosen."""
    found = page.locator("[data-testid^='step-'][data-selected]").get_attribute("data-testid")
    assert found is not None
    return found.removeprefix("step-")


def build_the_automation(page: Page, shoot: Shoot) -> int:
    page.goto("/contacts/tags")
    for name in ("Autumn", "Interested", "Reader"):
        page.get_by_role("button", name="New tag").first.click()
        page.get_by_role("dialog").get_by_label("Name").fill(name)
        page.get_by_role("dialog").get_by_role("button", name="Save").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
    page.goto("/automations")
    page.get_by_role("button", name="New automation").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Autumn offer")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Add trigger").click()
    choose(page, "tag", "Autumn")
    add_step(page, "root-0", "Send email")
    choose(page, "Message", "Autumn offer")
    add_step(page, "root-1", "Wait until")
    ask(page, "Clicked a link in an email")
    wait = step_id(page)
    shoot("07-condition")
    add_step(page, f"{wait}/met-0", "Add tag")
    choose(page, "Tag", "Interested")
    add_step(page, "root-2", "If / else")
    ask(page, "Opened an email")
    decision = step_id(page)
    add_step(page, f"{decision}/yes-0", "Add tag")
    choose(page, "Tag", "Reader")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("switch", name="Running").click()
    expect(page.get_by_text("The automation is running.")).to_be_visible()
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Fit to screen").click()
    expect(page.get_by_text("The automation is running.")).to_be_hidden()
    shoot("08-running", also=("dark", "phone"))
    return int(page.url.rpartition("/")[2])


def tag_everyone(page: Page, shoot: Shoot) -> None:
    page.goto("/contacts?q=story.")
    expect(page.locator("[data-body]")).to_have_count(5)
    page.get_by_role("checkbox", name=re.compile("Select all", re.IGNORECASE)).check()
    bar = page.get_by_role("region", name="Bulk actions")
    expect(bar).to_contain_text("5 selected")
    bar.get_by_role("button", name="Add tag").click()
    choose(page, "Tag", "Autumn")
    shoot("09-tag-everyone")
    page.get_by_role("dialog").get_by_role("button", name="Add tag").click()
    expect(page.get_by_text("Tag added to 5 contacts")).to_be_visible()


def open_mail(page: Page, to: str) -> FrameLocator:
    """The mail to this address, once it is there; looking at it loads its pixel."""
    row = page.get_by_role("navigation", name="Received mail").get_by_role("link", name=to)
    for _ in range(30):
        page.goto("/mailbox")
        expect(page.get_by_role("heading", name="Local mailbox")).to_be_visible()
        page.wait_for_timeout(500)
        if row.count():
            break
    row.first.click()
    mail = page.frame_locator("iframe[title^='Content of']")
    expect(mail.get_by_role("heading")).to_be_visible()
    return mail


def follow(page: Page, link: Locator) -> Page:
    with page.expect_popup() as popup:
        link.click()
    return popup.value


def arrive(page: Page, site: Site) -> None:
    """Everyone's mail went out, and lies for a while: who reads in the seconds of delivery is taken for a machine."""
    for person in people(site):
        until(page, f"the sending to {person}", lambda person=person: "message_sent" in kinds(site, person))
        let_mail_lie(site, person)


def read_and_click(page: Page, site: Site, shop: str, shoot: Shoot) -> None:
    arrive(page, site)
    mail = open_mail(page, "story.ada@example.org")
    expect(mail.get_by_role("heading", name="Hello Ada")).to_be_visible()
    shoot("10-mailbox", also=("phone",))
    arrived = follow(page, mail.get_by_role("link", name="See the offer"))
    expect(arrived.get_by_role("heading", name="The shop")).to_be_visible()
    assert arrived.url == shop
    arrived.close()
    mail = open_mail(page, "story.grace@example.org")
    expect(mail.get_by_role("heading", name="Hello Grace")).to_be_visible()
    until(page, "the open", lambda: "message_opened" in kinds(site, "story.grace@example.org"))


def unsubscribe(page: Page, shoot: Shoot) -> None:
    mail = open_mail(page, "story.mary@example.org")
    leaving = follow(page, mail.get_by_role("link", name="Unsubscribe"))
    expect(leaving.get_by_role("heading", name="Unsubscribe?")).to_be_visible()
    leaving.get_by_role("button", name="Unsubscribe").click()
    expect(leaving.get_by_text("You are unsubscribed")).to_be_visible()
    leaving.close()
    # The one click of mail programs (RFC 8058): a POST to the address in the header.
    mail = open_mail(page, "story.jürgen@example.org") if has_mail(page, "story.jürgen") else mail
    page.get_by_text("Headers", exact=True).click()
    header = page.get_by_role("row").filter(has_text=re.compile("List-Unsubscribe.*<http")).first
    expect(header).to_be_visible()
    shoot("11-headers")
    found = re.search(r"<(http[^>]+)>", header.inner_text())
    assert found is not None
    answer = page.request.post(found[1], form={"List-Unsubscribe": "One-Click"})
    assert answer.ok


def has_mail(page: Page, to: str) -> bool:
    return page.get_by_role("navigation", name="Received mail").get_by_role("link", name=to).count() > 0


def look_at_what_came_of_it(page: Page, site: Site, automation_id: int, shoot: Shoot) -> None:
    counts = f"/automations/{automation_id}/counts"
    until(page, "everyone's end", lambda: site.api.get(counts).json()["completed"] == 5)
    assert site.api.get(counts).json()["parked"] == 0
    page.goto(f"/automations/{automation_id}")
    expect(page.get_by_role("button", name="Add tag. Interested")).to_contain_text("1 done")
    expect(page.get_by_role("button", name="Send email. Autumn offer")).to_contain_text("5 done")
    page.get_by_role("button", name="Fit to screen").click()
    shoot("12-counts")
    assert {person for person in people(site) if "Interested" in tags(site, person)} == {"story.ada@example.org"}
    assert "Reader" in tags(site, "story.grace@example.org")
    assert "Reader" not in tags(site, "story.katherine@example.org")
    assert order(kinds(site, "story.ada@example.org")) == [
        "tag_added", "automation_entered", "message_sent", "message_opened", "link_clicked", "tag_added",
        "tag_added", "automation_completed",
    ]  # fmt: skip
    assert order(kinds(site, "story.katherine@example.org")) == [
        "tag_added", "automation_entered", "message_sent", "automation_completed",
    ]  # fmt: skip
    assert "unsubscribed" in kinds(site, "story.mary@example.org")
    page.goto(f"/contacts/{find(site, 'story.ada@example.org')['id']}")
    expect(page.get_by_role("heading", name="Ada Lovelace")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Link in a message is clicked").first).to_be_visible()
    shoot("13-timeline", also=("dark", "phone"))
    page.get_by_role("tab", name="Automations").click()
    page.get_by_role("button", name="Show the path").first.click()
    expect(page.get_by_role("list", name="Path through Autumn offer")).to_contain_text("If / else")
    shoot("14-path")


STORY = (
    "tag_added", "automation_entered", "message_sent", "message_opened", "link_clicked", "automation_completed",
)  # fmt: skip


def order(found: list[str]) -> list[str]:
    """The story's facts since the tag that started it; a second open and the tags of the file do not matter."""
    start = found.index("automation_entered") - 1
    seen: list[str] = []
    for kind in found[start:]:
        if kind in STORY and not (kind == "message_opened" and kind in seen):
            seen.append(kind)
    return seen


def find(site: Site, email: str) -> dict[str, Any]:
    return site.api.get("/contacts", params={"search": email}).json()["items"][0]


def people(site: Site) -> list[str]:
    found = site.api.get("/contacts", params={"search": "story."}).json()["items"]
    return [person["email"] for person in found]


def tags(site: Site, email: str) -> set[str]:
    return {tag["name"] for tag in find(site, email)["tags"]}


def kinds(site: Site, email: str) -> list[str]:
    """The contact's facts, the oldest first."""
    found = site.api.get(f"/contacts/{find(site, email)['id']}/timeline", params={"limit": 200}).json()["items"]
    return [item["kind"] for item in reversed(found)]


def until(page: Page, what: str, look: Callable[[], bool], *, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, f"{what} did not happen"
        page.wait_for_timeout(100)
