"""Every page in light, dark and on a phone: nothing serious for axe, nothing wider than the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

PAGES = (
    ("/dashboard", "Good"),
    ("/contacts", "Contacts"),
    ("/companies", "Companies"),
    ("/companies/987654", "This company does not exist"),
    ("/objects", "Custom objects"),
    ("/objects/987654", "This object does not exist"),
    ("/contacts?panel=true", "Contacts"),
    ("/contacts/tags", "Tags, lists and fields"),
    ("/contacts/lists", "Tags, lists and fields"),
    ("/contacts/fields", "Tags, lists and fields"),
    ("/segments", "Segments"),
    ("/segments/new", "New segment"),
    ("/scores", "Scores"),
    ("/scores/987654", "This score does not exist"),
    ("/imports", "Imports"),
    ("/imports/new", "Import contacts"),
    ("/deals", "Deals"),
    ("/deals?view=list", "Deals"),
    ("/deals/pipelines", "Pipelines"),
    ("/deals/report", "Deal report"),
    ("/deals/987654", "This deal does not exist"),
    ("/tasks", "Tasks"),
    ("/automations", "Automations"),
    ("/automations/map", "Map of automations"),
    ("/messages", "Messages"),
    ("/images", "Images"),
    ("/messages/brand", "Brand kit"),
    ("/messages/variables", "Variables"),
    ("/senders", "Senders"),
    ("/senders?tab=domains", "Senders"),
    ("/senders?tab=servers", "Senders"),
    ("/senders?tab=limits", "Senders"),
    ("/mailbox", "Local mailbox"),
    ("/settings/workspace", "Settings"),
    ("/settings/sender", "Settings"),
    ("/settings/approval", "Settings"),
    ("/settings/users", "Settings"),
    ("/settings/keys", "Settings"),
    ("/no/such/page", "This page does not exist"),
)


@pytest.fixture(scope="module", autouse=True)
def a_deal_with_a_task(site: Site) -> None:
    """Without a pipeline the deals page only says how to begin, so each worker gets one of its own."""
    pipeline = site.api.post("/pipelines", json={"name": "For every page"}).raise_for_status().json()
    body = {"title": "A deal for every page", "value": 125_000, "stage_id": pipeline["stages"][0]["id"]}
    deal = site.api.post("/deals", json=body).raise_for_status().json()
    task = {"title": "Look at every page", "due_at": "2026-01-01T09:00:00Z", "deal_id": deal["id"]}
    site.api.post("/tasks", json=task).raise_for_status()


@pytest.mark.parametrize(("path", "heading"), PAGES)
def test_every_page_is_accessible_in_light_dark_and_on_a_phone(
    page: Page, path: str, heading: str, accessible: Callable[[Page], None]
) -> None:
    page.goto(path)
    expect(page.get_by_role("heading", name=heading, level=1)).to_be_visible()
    page.wait_for_load_state("load")
    expect(page.get_by_role("status", name="Loading")).to_have_count(0)
    accessible(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.wait_for_timeout(250)
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
