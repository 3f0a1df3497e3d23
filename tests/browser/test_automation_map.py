"""The map of all automations: what acts on what, circles named, reachable from the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def made(site: Site, name: str, listens: int, gives: int) -> int:
    """An automation that begins with one tag and gives another."""
    document: dict[str, Any] = {
        "version": 1,
        "triggers": [{"id": "t1", "type": "tag_added", "params": {"tag_id": listens}, "runs": "multiple"}],
        "steps": [{"id": "s1", "type": "add_tag", "params": {"tag_id": gives}, "arms": {}}],
    }
    return site.api.post("/automations", json={"name": name, "document": document}).json()["id"]


def test_automations_that_start_each_other_are_drawn_and_named(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    first, second = (site.api.post("/tags", json={"name": f"Map {name}"}).json()["id"] for name in ("one", "two"))
    made(site, "Map from one to two", first, second)
    made(site, "Map from two to one", second, first)
    page.goto("/automations")
    page.get_by_role("link", name="Map", exact=True).click()
    expect(page.get_by_role("heading", name="Map of automations")).to_be_visible()
    expect(page.get_by_role("alert").filter(has_text="Map from one to two").first).to_be_visible()
    links = page.get_by_role("list", name="Every link")
    expect(links).to_contain_text("Map from one to two triggers Map from two to one")
    drawing = page.get_by_role("group", name="Automations with arrows to those they act on")
    expect(drawing.get_by_role("link", name="Map from two to one")).to_be_visible()
    accessible(page)
    drawing.get_by_role("link", name="Map from two to one").click()
    expect(page.get_by_role("heading", name="Map from two to one")).to_be_visible()
