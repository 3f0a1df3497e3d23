"""Building an automation by hand: by the keyboard's way, by dragging, and starting it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site


@pytest.fixture(scope="module")
def words(site: Site) -> None:
    """A tag and a message to choose."""
    site.api.post("/tags", json={"name": "Enquirer"}).raise_for_status()
    site.api.post("/tags", json={"name": "Greeted"}).raise_for_status()
    site.api.post("/messages", json={"name": "Greeting", "subject": "Hello"}).raise_for_status()


def drag(page: Page, source: Locator, target: Locator) -> None:
    """Slowly enough for a native drag to begin."""
    start, end = source.bounding_box(), target.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + 15)
    page.mouse.down()
    page.mouse.move(start["x"] + 50, start["y"] + 50, steps=5)
    page.mouse.move(end["x"] + end["width"] / 2, end["y"] + end["height"] / 2, steps=12)
    page.wait_for_timeout(150)
    page.mouse.up()


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
