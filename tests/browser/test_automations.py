"""Building an automation by hand: by the keyboard's way, by dragging, and starting it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.mouse import drag


@pytest.fixture(scope="module")
def words(site: Site) -> None:
    """A tag and a message to choose."""
    site.api.post("/tags", json={"name": "Enquirer"}).raise_for_status()
    site.api.post("/tags", json={"name": "Greeted"}).raise_for_status()
    site.api.post("/messages", json={"name": "Greeting", "subject": "Hello"}).raise_for_status()


@pytest.mark.usefixtures("words")
def test_an_automation_is_drawn_completed_started_and_survives_a_reload(
    page: Page, accessible: Callable[[Page], None]
) -> None:
    page.goto("/automations")
    page.get_by_role("button", name="New automation").first.click()
    page.get_by_role("dialog").get_by_label("Name").fill("Greet enquirers")
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Greet enquirers")).to_be_visible()

    page.get_by_role("button", name="Add trigger").click()
    page.get_by_role("combobox", name="tag", exact=True).click()
    page.get_by_role("option", name="Enquirer").click()

    page.get_by_role("button", name="Add a step here").first.click()
    page.get_by_role("menuitem", name="Send email").click()
    expect(page.get_by_role("button", name="1 to settle")).to_be_visible()
    page.get_by_role("combobox", name="Message").click()
    page.get_by_role("option", name="Greeting").click()
    expect(page.get_by_role("button", name="1 to settle")).to_be_hidden()

    drag(page, page.get_by_test_id("new-add_tag"), page.get_by_test_id("slot-root-1"))
    page.get_by_role("combobox", name="Tag", exact=True).click()
    page.get_by_role("option", name="Greeted").click()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Settings", exact=True).click()
    page.get_by_role("switch", name="Only at certain hours").click()
    accessible(page)
    page.get_by_role("button", name="Report").click()
    expect(page.get_by_role("region", name="Steps, since the beginning")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")

    page.get_by_role("switch", name="Running").click()
    expect(page.get_by_text("The automation is running.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="Send email. Greeting")).to_be_visible()
    expect(page.get_by_role("button", name="Add tag. Greeted")).to_be_visible()


@pytest.mark.usefixtures("words")
def test_undo_takes_a_step_back(page: Page) -> None:
    page.goto("/automations")
    page.get_by_role("button", name="New automation").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    page.get_by_role("button", name="Add a step here").first.click()
    page.get_by_role("menuitem", name="If / else").click()
    cards = page.locator("[data-testid^='step-']")
    expect(cards).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(cards).to_have_count(0)
    page.get_by_role("button", name="Redo").click()
    expect(cards).to_have_count(1)


def test_a_recipe_becomes_a_draft_and_what_it_uses_is_named_before_deleting(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    page.goto("/automations")
    page.get_by_role("button", name="New automation").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("button", name="Birthday greeting")).to_be_visible()
    accessible(page)
    dialog.get_by_role("button", name="Events", exact=True).click()
    expect(dialog.get_by_role("button", name="Birthday greeting")).to_be_hidden()
    dialog.get_by_role("button", name="All", exact=True).click()
    dialog.get_by_role("textbox", name="Search recipes").fill("lead nurture")
    dialog.get_by_role("button", name="Lead nurture").click()
    expect(dialog.get_by_role("region", name="Makes").get_by_text("Shall we talk?")).to_be_visible()
    accessible(page)
    dialog.get_by_role("button", name="Make this draft").click()
    expect(page.get_by_role("heading", name="Lead nurture")).to_be_visible()
    expect(page.get_by_role("button", name="Send email. Lead nurture: Shall we talk?")).to_be_visible()
    page.get_by_role("switch", name="Running").click()
    expect(page.get_by_text("The automation is running.")).to_be_visible()
    page.goto("/messages")
    page.get_by_role("button", name="More for Lead nurture: Shall we talk?").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("dialog").get_by_text("Something running needs it")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("link", name="Lead nurture")).to_be_visible()
    expect(page.get_by_role("dialog").get_by_role("button", name="Delete")).to_be_disabled()
    site.api.post(f"/automations/{newest(site)}/pause").raise_for_status()


def newest(site: Site) -> int:
    return site.api.get("/automations", params={"limit": 1}).json()["items"][0]["id"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.usefixtures("words")
def test_the_canvas_is_for_everyone(
    browser: Browser,
    browser_context_args: dict[str, Any],
    accessible: Callable[[Page], None],
    scheme: str,
    width: int,
) -> None:
    options: Any = {**browser_context_args, "viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto("/automations")
    page.get_by_role("button", name="New automation").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Create").click()
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
    accessible(page)
    page.get_by_role("button", name="Close", exact=True).click()
    page.get_by_role("button", name="Add a step here").first.click()
    page.get_by_role("menuitem", name="If / else").click()
    accessible(page)
    page.get_by_role("button", name="Close", exact=True).click()
    expect(page.get_by_role("button", name="If / else. Everyone")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="If / else. Everyone")).to_be_hidden()
    page.get_by_role("button", name="Redo").click()
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_contacts_page_says_why_somebody_is_not_inside(page: Page, site: Site) -> None:
    tag = site.api.post("/tags", json={"name": "Why not"}).json()["id"]
    contact = site.api.post("/contacts", json={"email": "why.not@example.org"}).json()["id"]
    trigger = {"id": "t1", "type": "tag_added", "params": {"tag_id": tag}, "runs": "once"}
    end = {"id": "end", "type": "end", "params": {}, "arms": {}}
    made = site.api.post(
        "/automations",
        json={"name": "Explained", "document": {"version": 1, "triggers": [trigger], "steps": [end]}},
    ).json()
    assert site.api.post(f"/automations/{made['id']}/activate").is_success
    page.goto(f"/contacts/{contact}?tab=automations")
    why = page.get_by_role("region", name="Why is this contact in an automation, or not?")
    why.get_by_role("combobox", name="Choose an automation").click()
    page.get_by_role("option", name="Explained", exact=True).click()
    expect(why.get_by_text("Not inside")).to_be_visible()
    expect(why.get_by_text("What starts the automation has never happened to this contact.").first).to_be_visible()
