"""A campaign by hand: the whole wizard, sent to the local mailbox, and its report; the calendar on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.delivery.parts import DOCUMENT
from waypost.messages.ready import load_templates


def _point_at_a_link(page: Page) -> None:
    """By keyboard, from the table to the message."""
    links = page.get_by_role("table", name="Links", exact=True)
    expect(page.locator("[id^=spot-]").first).to_be_visible()
    links.get_by_role("button").first.focus()
    page.keyboard.press("Enter")
    expect(links.get_by_role("button").first).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[id^=spot-][data-chosen]")).to_have_count(1)


def test_a_campaign_is_planned_checked_sent_and_read(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    message = {"name": "Harvest", "subject": "Harvest", "document": DOCUMENT}
    site.api.post("/messages", json=message).raise_for_status()
    list_id = site.api.post("/lists", json={"name": "Harvest readers"}).raise_for_status().json()["id"]
    for name in ("Hanna", "Hugo"):
        made = site.api.post("/contacts", json={"email": f"{name.lower()}.harvest@example.com", "first_name": name})
        contact_id = made.raise_for_status().json()["id"]
        body = {"action": "subscribe", "contact_ids": [contact_id], "list_id": list_id}
        site.api.post("/contacts/bulk", json=body).raise_for_status()

    page.goto("/campaigns")
    page.get_by_role("button", name="New campaign").first.click()
    page.get_by_role("dialog").get_by_text("One message", exact=True).click()
    page.get_by_label("Name").fill("The harvest is in")
    page.get_by_role("combobox", name="Lists", exact=True).click()
    page.get_by_role("option", name="Harvest readers").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("2 of 2 contacts can be mailed")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("combobox", name="Message", exact=True).click()
    page.get_by_role("option", name="Harvest", exact=True).click()
    page.get_by_role("textbox", name="Subject", exact=True).fill("%FIRSTNAME%, the harvest is in")
    accessible(page)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("radio", name="Now")).to_be_checked()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("2 contacts will get it.")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("dialog").get_by_role("button", name="Send now").click()

    expect(page.get_by_role("heading", name="The harvest is in").get_by_text("Sent", exact=True)).to_be_visible(
        timeout=30_000
    )
    recipients = page.get_by_role("table", name="Recipients")
    expect(recipients.get_by_role("link", name="Hanna")).to_be_visible()
    expect(recipients.get_by_text("Delivered")).to_have_count(2)
    _point_at_a_link(page)
    accessible(page)
    page.goto("/mailbox")
    expect(page.get_by_text("Hanna, the harvest is in").first).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Hugo, the harvest is in").first).to_be_visible()

    page.goto("/campaigns?view=calendar")
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_role("link", name="The harvest is in")).to_be_visible()
    accessible(page)


def test_a_campaign_waits_for_approval(page: Page, site: Site, accessible: Callable[[Page], None]) -> None:
    made = site.api.post("/messages", json={"name": "Winter", "subject": "Winter", "document": DOCUMENT}).json()
    body = {"name": "The winter is in", "message_id": made["id"], "audience": {"everyone": True}}
    campaign = site.api.post("/campaigns", json=body).raise_for_status().json()
    page.goto("/settings/approval")
    page.get_by_role("switch", name="Campaigns need approval").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    try:
        page.goto(f"/campaigns/{campaign['id']}")
        page.get_by_role("button", name="Review").click()
        approval = page.get_by_role("region", name="Approval")
        expect(page.get_by_text("need the approval of an admin")).to_be_visible()
        expect(page.get_by_role("button", name="Send now")).to_be_disabled()
        approval.get_by_role("textbox", name="Comment").fill("Is the price right?")
        approval.get_by_role("button", name="Ask for approval").click()
        expect(approval.get_by_text("asks for approval")).to_be_visible()
        expect(page.get_by_role("heading", level=1).get_by_text("Waits for approval")).to_be_visible()
        accessible(page)
        approval.get_by_role("button", name="Return to the author").click()
        expect(approval.get_by_text("wants changes")).to_be_visible()
        approval.get_by_role("button", name="Approve").click()
        expect(approval.get_by_text("Approved by")).to_be_visible()
        expect(page.get_by_role("button", name="Send now")).to_be_enabled()

        site.api.patch(f"/campaigns/{campaign['id']}", json={"subject": "Winter, and a surprise"}).raise_for_status()
        expect(approval.get_by_text("was changed after it was approved")).to_be_visible()
        expect(page.get_by_role("button", name="Send now")).to_be_disabled()
        accessible(page)
    finally:
        site.api.put("/campaigns/policy", json={"needs_approval": False}).raise_for_status()


def _subscribe(site: Site, name: str, list_id: int) -> None:
    made = site.api.post("/contacts", json={"email": f"{name.lower()}.garden@example.com", "first_name": name})
    contact_id = made.raise_for_status().json()["id"]
    body = {"action": "subscribe", "contact_ids": [contact_id], "list_id": list_id}
    site.api.post("/contacts/bulk", json=body).raise_for_status()


def test_an_autoresponder_greets_new_subscribers_and_is_changed_on_the_way(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    site.api.post("/messages", json={"name": "Welcome", "subject": "Welcome", "document": DOCUMENT}).raise_for_status()
    list_id = site.api.post("/lists", json={"name": "Gardeners"}).raise_for_status().json()["id"]
    page.goto("/campaigns")
    page.get_by_role("button", name="New campaign").first.click()
    page.get_by_role("dialog").get_by_text("Autoresponder", exact=True).click()
    page.get_by_label("Name").fill("Welcome to the garden")
    page.get_by_role("combobox", name="Lists", exact=True).click()
    page.get_by_role("option", name="Gardeners").click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("combobox", name="Message", exact=True).click()
    page.get_by_role("option", name="Welcome", exact=True).click()
    page.get_by_role("textbox", name="Subject", exact=True).fill("%FIRSTNAME%, welcome")
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("textbox", name="Send it")).to_have_value("0")
    accessible(page)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("0 contacts are on its lists now.")).to_be_visible()
    page.get_by_role("button", name="Start", exact=True).click()
    title = page.get_by_role("heading", level=1)
    expect(title.get_by_text("Running")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Nobody waits.")).to_be_visible()

    _subscribe(site, "Greta", list_id)
    expect(page.get_by_role("table", name="Recipients").get_by_role("link", name="Greta")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("1 mail has gone out.")).to_be_visible(timeout=20_000)
    accessible(page)
    page.get_by_role("button", name="Pause").click()
    page.get_by_role("button", name="Change it").click()
    page.get_by_role("button", name="Message", exact=True).click()
    page.get_by_role("textbox", name="Subject", exact=True).fill("%FIRSTNAME%, how do you do")
    page.get_by_role("button", name="Next").click()
    accessible(page)
    page.get_by_role("button", name="Resume").click()
    expect(title.get_by_text("Running")).to_be_visible()
    _subscribe(site, "Gustav", list_id)
    expect(page.get_by_role("table", name="Recipients").get_by_role("link", name="Gustav")).to_be_visible(
        timeout=30_000
    )
    page.goto("/mailbox")
    expect(page.get_by_text("Greta, welcome").first).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Gustav, how do you do").first).to_be_visible(timeout=15_000)


def test_a_campaign_on_a_date_is_planned_by_hand(page: Page, site: Site, accessible: Callable[[Page], None]) -> None:
    site.api.post("/fields", json={"name": "Renewal day", "type": "date"}).raise_for_status()
    made = site.api.post("/messages", json={"name": "Renewal", "subject": "Renewal", "document": DOCUMENT}).json()
    body = {"name": "Renewals", "kind": "date_based", "message_id": made["id"], "audience": {"everyone": True}}
    campaign = site.api.post("/campaigns", json=body).raise_for_status().json()
    page.goto(f"/campaigns/{campaign['id']}")
    page.get_by_role("button", name="Review").click()
    expect(page.get_by_text("Choose the field whose date it goes by.")).to_be_visible()
    expect(page.get_by_role("button", name="Start", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Schedule", exact=True).click()
    page.get_by_role("combobox", name="Date", exact=True).click()
    page.get_by_role("option", name="Renewal day").click()
    page.get_by_role("combobox", name="Day", exact=True).click()
    page.get_by_role("option", name="Days before").click()
    page.get_by_role("textbox", name="Days", exact=True).fill("14")
    page.get_by_label("Time", exact=True).fill("08:15")
    page.get_by_role("switch", name="Every year").click()
    page.set_viewport_size({"width": 390, "height": 844})
    accessible(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", level=1).get_by_text("Running")).to_be_visible(timeout=20_000)
    accessible(page)
    told = site.api.get(f"/campaigns/{campaign['id']}").json()["timing"]
    assert {name: told[name] for name in ("days", "direction", "is_yearly", "at_time")} == {
        "days": 14, "direction": "before", "is_yearly": False, "at_time": "08:15",
    }  # fmt: skip


FEED = (
    '<?xml version="1.0"?><rss version="2.0"><channel><title>The orchard blog</title><link>https://blog.example.com</link>'
    "<item><guid>1</guid><title>How we graft</title><link>https://blog.example.com/graft</link>"
    "<description>A knife and a steady hand.</description></item></channel></rss>"
)


@pytest.fixture
def feed_url() -> Iterator[str]:
    """A blog on this machine."""

    class Blog(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-type", "application/rss+xml")
            self.end_headers()
            self.wfile.write(FEED.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Blog)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/feed"
    server.shutdown()


def test_news_of_a_feed_goes_out_as_an_issue(
    page: Page, site: Site, accessible: Callable[[Page], None], feed_url: str
) -> None:
    _subscribe(site, "Otto", site.api.post("/lists", json={"name": "Orchard"}).raise_for_status().json()["id"])
    template = next(one for one in load_templates() if one.id == "latest-posts")
    body = {"name": "Orchard posts", "subject": template.subject, "document": template.document}
    site.api.post("/messages", json=body).raise_for_status()
    page.goto("/campaigns")
    page.get_by_role("button", name="New campaign").first.click()
    page.get_by_role("dialog").get_by_text("News of a feed", exact=True).click()
    page.get_by_label("Name").fill("News from the orchard")
    page.get_by_role("combobox", name="Lists", exact=True).click()
    page.get_by_role("option", name="Orchard", exact=True).click()
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Next").click()
    page.get_by_role("combobox", name="Message", exact=True).click()
    page.get_by_role("option", name="Orchard posts", exact=True).click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("textbox", name="Address of the feed").fill("https://no-such-host.invalid/feed")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert").get_by_text("could not be read")).to_be_visible()
    page.get_by_role("textbox", name="Address of the feed").fill(feed_url)
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="How we graft")).to_be_visible()
    page.get_by_role("switch", name="Begin with what is there now").click()
    accessible(page)
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", level=1).get_by_text("Running")).to_be_visible(timeout=20_000)
    page.get_by_role("table", name="Issues").get_by_role("link", name="New: How we graft").click(timeout=30_000)
    expect(page.get_by_role("table", name="Recipients").get_by_role("link", name="Otto")).to_be_visible(timeout=30_000)
    page.go_back()
    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.get_by_text("every day")).to_be_visible()
    accessible(page)
    page.goto("/mailbox")
    expect(page.get_by_text("New: How we graft").first).to_be_visible(timeout=15_000)
