"""Two stories of the brief, drawn by hand and run on a fast clock: nurturing leads to a hand-over, and who is stuck and why."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from playwright.sync_api import Error, Page, expect

from tests.browser.clocks import let_mail_lie, let_time_pass
from tests.browser.conftest import Site

LETTERS = ("Intro", "Lessons", "Case study", "Invitation")


def wait_for(what: str, look: Callable[[], object], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not look():
        assert time.monotonic() < deadline, f"{what} did not happen"
        time.sleep(0.1)


def begin(page: Page, name: str, tag: str) -> int:
    page.set_default_timeout(8_000)
    page.goto("/automations")
    page.get_by_role("button", name="New automation").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill(name)
    page.get_by_role("dialog").get_by_role("button", name="Create", exact=True).click()
    page.get_by_role("button", name="Add trigger").click()
    choose(page, "tag", tag)
    return int(page.url.rpartition("/")[2])


def add_step(page: Page, slot: str, name: str) -> str:
    plus = page.get_by_test_id(f"slot-{slot}").get_by_role("button", name="Add a step here")
    item = page.get_by_role("menuitem", name=name, exact=True)
    plus.click()
    try:
        item.wait_for(timeout=3_000)
    except Error:
        # The canvas moved under the mouse, to bring the step before into view.
        plus.click()
    item.click()
    return chosen(page)


def chosen(page: Page) -> str:
    card = page.locator("[data-testid^='step-'][data-selected]")
    expect(card).to_be_visible()
    return (card.get_attribute("data-testid") or "").removeprefix("step-")


def choose(page: Page, name: str, option: str) -> None:
    page.get_by_role("combobox", name=name, exact=True).last.click()
    page.get_by_role("option", name=option, exact=True).click()


def ask(page: Page, condition: str) -> None:
    page.get_by_role("button", name="Add condition").last.click()
    page.get_by_role("textbox", name="Search conditions").fill(condition)
    page.get_by_role("option", name=condition, exact=True).click()


def start(page: Page) -> None:
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    page.get_by_role("switch", name="Running").click()
    expect(page.get_by_text("The automation is running.")).to_be_visible()


def letter(site: Site, name: str) -> int:
    button = {"id": "b", "type": "button", "props": {"label": "Read on", "href": f"https://example.com/{name[:4]}"}}
    content = {"version": 1, "kind": "email", "settings": {}, "blocks": [button]}
    body = {"name": f"Brief: {name}", "subject": f"Brief: {name}", "document": content}
    return made(site, "/messages", {**body, "from_name": "Ada", "from_email": "ada@example.org"})


def made(site: Site, path: str, body: dict[str, Any]) -> int:
    answer = site.api.post(path, json=body)
    assert answer.is_success, answer.text
    return int(answer.json()["id"])


def tag_contact(site: Site, tag_id: int, contact_id: int) -> None:
    body = {"action": "add_tag", "tag_id": tag_id, "contact_ids": [contact_id]}
    site.api.post("/contacts/bulk", json=body).raise_for_status()


def tags_of(site: Site, contact_id: int) -> set[str]:
    return {tag["name"] for tag in site.api.get(f"/contacts/{contact_id}").json()["tags"]}


def mails_to(site: Site, email: str) -> dict[str, int]:
    items = site.api.get("/mailbox", params={"limit": 100}).json()["items"]
    return {item["subject"]: item["id"] for item in items if email in item["rcpt_to"]}


def click_in(site: Site, email: str, subject: str) -> None:
    """Follow the link of the mail, as far as our own server."""
    wait_for(f"{subject} to {email}", lambda: subject in mails_to(site, email))
    html = site.api.get(f"/mailbox/{mails_to(site, email)[subject]}").json()["html"]
    link = re.search(r'href="([^"]+)"[^>]*>(?:\s|<[^>]+>)*Read on', html)
    assert link is not None, html
    let_mail_lie(site, email)
    address = link[1].replace("&amp;", "&")
    answer = httpx.get(f"{site.url}{httpx.URL(address).raw_path.decode()}", follow_redirects=False)
    assert answer.is_redirect, answer.text


def draw_the_nurture(page: Page, score: str) -> int:
    """Four letters; a click within three days is worth 25 points; at fifty the contact is handed over."""
    automation_id = begin(page, "Nurture and hand over", "Brief lead")
    for place, name in enumerate(LETTERS):
        add_step(page, f"root-{2 * place}", "Send email")
        choose(page, "Message", f"Brief: {name}")
        wait = add_step(page, f"root-{2 * place + 1}", "Wait until")
        ask(page, "Clicked a link in an email")
        choose(page, "Message", f"Brief: {name}")
        if place == 0:
            add_step(page, f"{wait}/met-0", "Adjust score")
            choose(page, "Score", score)
            page.get_by_role("textbox", name="Points", exact=True).fill("25")
            page.get_by_text("Saved", exact=True).wait_for()
            page.get_by_role("button", name="Copy", exact=True).click()
        else:
            page.get_by_test_id(f"slot-{wait}/met-0").get_by_role("button", name="Add a step here").click()
            page.get_by_role("menuitem", name="Paste “Adjust score”").click()
        expect(page.get_by_role("button", name=re.compile("^Adjust score"))).to_have_count(place + 1)
    goal = add_step(page, "root-8", "Goal")
    page.get_by_role("textbox", name="Name", exact=True).fill("Sales ready")
    ask(page, "Score")
    choose(page, "Score", score)
    page.get_by_role("textbox", name="Value", exact=True).fill("50")
    add_step(page, f"{goal}/met-0", "Add deal")
    page.get_by_role("textbox", name="Title", exact=True).fill("Brief lead to call")
    page.get_by_role("combobox", name="Stage", exact=True).click()
    page.get_by_role("option", name=re.compile("Brief hot$")).click()
    add_step(page, f"{goal}/met-1", "Add tag")
    choose(page, "Tag", "Brief sales ready")
    page.get_by_role("textbox", name="Note").fill("From here on it is the rep's.")
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_role("switch", name="Leave as soon as a condition holds").click()
    ask(page, "Has deals")
    choose(page, "Status", "Won")
    start(page)
    return automation_id


def test_leads_are_nurtured_scored_and_handed_over(page: Page, site: Site) -> None:
    lead, _ = [made(site, "/tags", {"name": f"Brief {name}"}) for name in ("lead", "sales ready")]
    made(site, "/scores", {"name": "Brief score"})
    pipeline = made(site, "/pipelines", {"name": "Brief sales", "stages": [{"name": "Brief hot"}]})
    for name in LETTERS:
        letter(site, name)
    eager, quiet, buyer = [
        made(site, "/contacts", {"email": f"brief.{name}@example.org"}) for name in ("eager", "quiet", "buyer")
    ]
    automation_id = draw_the_nurture(page, "Brief score")
    for contact in (eager, quiet, buyer):
        tag_contact(site, lead, contact)

    wait_for("the first letter to the buyer", lambda: "Brief: Intro" in mails_to(site, "brief.buyer@example.org"))
    made(site, "/deals", {"title": "Bought", "contact_id": buyer, "pipeline_id": pipeline, "status": "won"})
    for name in LETTERS[:2]:
        click_in(site, "brief.eager@example.org", f"Brief: {name}")
    wait_for("the hand-over", lambda: "Brief sales ready" in tags_of(site, eager))
    deals = site.api.get("/deals", params={"contact_id": eager}).json()["items"]
    assert [(deal["title"], deal["pipeline_id"]) for deal in deals] == [("Brief lead to call", pipeline)]
    for name in LETTERS[1:]:
        wait_for("the wait", lambda: stands_still(site, automation_id, quiet))
        let_time_pass(site, automation_id)
        wait_for(
            f"{name} to the quiet", lambda name=name: f"Brief: {name}" in mails_to(site, "brief.quiet@example.org")
        )
    wait_for("the last wait", lambda: stands_still(site, automation_id, quiet))
    let_time_pass(site, automation_id)

    assert "Brief: Invitation" not in mails_to(site, "brief.eager@example.org"), "the goal skips what is left"
    assert set(mails_to(site, "brief.buyer@example.org")) == {"Brief: Intro"}, "who has bought leaves"
    wait_for("the report", lambda: site.api.get(f"/automations/{automation_id}/report").json()["completed"] == 1)
    report = site.api.get(f"/automations/{automation_id}/report").json()
    assert (report["entered"], report["active"], report["exits"]) == (3, 1, [{"reason": "exit_rule", "count": 1}])
    assert [(goal["name"], goal["reached"]) for goal in report["goals"]] == [("Sales ready", 1)]
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_role("region", name="Why contacts left").get_by_text("Met the exit rule")).to_be_visible()
    assert "Brief sales ready" not in tags_of(site, quiet)


def stands_still(site: Site, automation_id: int, contact_id: int) -> bool:
    items = site.api.get(f"/automations/{automation_id}/contacts").json()["items"]
    return any(item["contact_id"] == contact_id and item["state"] == "waiting" for item in items)


def why(page: Page, contact_id: int, automation: str) -> str:
    """What the contact's page says."""
    page.goto(f"/contacts/{contact_id}?tab=automations")
    region = page.get_by_role("region", name="Why is this contact in an automation, or not?")
    region.get_by_role("combobox", name="Choose an automation").click()
    page.get_by_role("option", name=automation, exact=True).click()
    expect(region.get_by_text(re.compile("^(Inside|Not inside)$")).first).to_be_visible()
    return region.inner_text()


def draw_the_wait(page: Page) -> int:
    """Waits until the plan is known, then for nine in the morning by the contact's clock, and writes."""
    automation_id = begin(page, "Brief stuck", "Brief stuck start")
    add_step(page, "root-0", "Wait until")
    ask(page, "Field")
    choose(page, "Field", "Brief plan")
    page.get_by_role("textbox", name="Value", exact=True).fill("Pro")
    page.get_by_role("textbox", name="Timeout amount", exact=True).fill("")
    add_step(page, "root-1", "Wait for a day and time")
    choose(page, "By whose clock", "each contact’s own")
    add_step(page, "root-2", "Send email")
    choose(page, "Message", "Brief: Stuck")
    start(page)
    return automation_id


def test_who_is_stuck_in_a_wait_is_told_the_true_cause(page: Page, site: Site) -> None:
    tag, field = (
        made(site, "/tags", {"name": "Brief stuck start"}),
        made(site, "/fields", {"name": "Brief plan", "type": "text"}),
    )
    letter(site, "Stuck")
    news = made(site, "/lists", {"name": "Brief stuck news"})
    names = ("never", "once", "zone", "late", "listless")
    people = {name: made(site, "/contacts", {"email": f"brief.{name}@example.org"}) for name in names}
    never, once, zone, late, listless = people.values()
    automation_id = draw_the_wait(page)
    plan = {"fields": {str(field): "Pro"}}
    place = after_hours()
    site.api.patch(f"/contacts/{zone}", json={"time_zone": place.key, **plan}).raise_for_status()
    for contact in (once, listless):
        site.api.patch(f"/contacts/{contact}", json=plan).raise_for_status()
    for action in ("subscribe", "unsubscribe"):
        body = {"action": action, "list_id": news, "contact_ids": [listless]}
        site.api.post("/contacts/bulk", json=body).raise_for_status()
    for contact in (never, once, listless):
        tag_contact(site, tag, contact)

    def count(name: str) -> int:
        return int(site.api.get(f"/automations/{automation_id}/counts").json()[name])

    wait_for("their entry", lambda: count("entered") == 3)
    wait_for("two at the end", lambda: let_time_pass_until(site, automation_id, lambda: count("completed"), 2))
    tag_contact(site, tag, zone)
    wait_for("all inside", lambda: count("active") == 2)
    told = why(page, never, "Brief stuck")
    assert "Waits at this step until the condition below holds" in told
    assert "Brief plan" in told
    untag = {"action": "remove_tag", "tag_id": tag, "contact_ids": [once]}
    site.api.post("/contacts/bulk", json=untag).raise_for_status()
    tag_contact(site, tag, once)
    told = why(page, once, "Brief stuck")
    assert "may enter only once" in told
    told = why(page, zone, "Brief stuck")
    assert f"Waits at this step until {next_nine(place):%d %B %Y, %H:%M} (UTC)" in told
    told = why(page, listless, "Brief stuck")
    assert "Not sent" in told
    assert "The contact has unsubscribed." in told

    page.goto(f"/automations/{automation_id}")
    page.get_by_role("switch", name="Running").click()
    expect(page.get_by_text("The automation is paused.")).to_be_visible()
    tag_contact(site, tag, late)
    told = why(page, late, "Brief stuck")
    assert "The automation is not running." in told
    assert "Stands still, because the automation is not running." in why(page, never, "Brief stuck")


def after_hours() -> ZoneInfo:
    """A place that is closed now and stays so for an hour."""
    places = [ZoneInfo(name) for name in ("Pacific/Auckland", "Europe/London", "America/Los_Angeles")]
    return next(place for place in places if not 8 <= datetime.now(place).hour < 17)


def next_nine(place: ZoneInfo) -> datetime:
    """When it is next nine in the morning of a working day there, by the workspace's clock."""
    now = datetime.now(place)
    nine = now.replace(hour=9, minute=0, second=0, microsecond=0)
    while nine < now or nine.weekday() > 4:
        nine += timedelta(days=1)
    return nine.astimezone(ZoneInfo("UTC"))


def let_time_pass_until(site: Site, automation_id: int, count: Callable[[], int], wanted: int) -> bool:
    """Those who wait without a time-out stay."""
    if count() == wanted:
        return True
    let_time_pass(site, automation_id)
    return count() == wanted
