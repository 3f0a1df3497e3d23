"""An automation goes into the recycle bin, is brought back at once or later, and is deleted for good."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def test_deleting_can_be_taken_back(page: Page, site: Site, accessible: Callable[[Page], None]) -> None:
    site.api.post("/automations", json={"name": "Thrown away"}).raise_for_status()

    def delete() -> None:
        page.get_by_role("button", name="More for Thrown away").click()
        page.get_by_role("menuitem", name="Delete").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(row).to_have_count(0)

    page.goto("/automations")
    row = page.get_by_role("link", name="Thrown away", exact=True)
    delete()
    page.get_by_role("button", name="Bring it back").click()
    expect(row).to_be_visible()
    delete()
    page.get_by_role("button", name="Recycle bin").click()
    bin_ = page.get_by_role("dialog", name="Recycle bin")
    accessible(page)
    bin_.get_by_role("button", name="Restore Thrown away", exact=True).click()
    page.keyboard.press("Escape")
    expect(row).to_be_visible()
    delete()
    page.get_by_role("button", name="Recycle bin").click()
    bin_.get_by_role("button", name="Delete Thrown away for good").click()
    page.get_by_role("dialog", name="Delete it for good?").get_by_role("button", name="Delete for good").click()
    expect(bin_.get_by_text("Thrown away")).to_have_count(0)
    assert all(item["name"] != "Thrown away" for item in site.api.get("/automations/deleted").json()["items"])
