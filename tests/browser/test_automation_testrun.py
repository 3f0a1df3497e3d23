"""A draft is tried out on a made-up contact in the builder, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def test_a_draft_is_tried_out_with_a_clock_of_its_own(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    tag_id = site.api.post("/tags", json={"name": "Tried out"}).json()["id"]
    steps = [
        {"id": "w1", "type": "wait", "params": {"amount": 3, "unit": "days"}, "arms": {}},
        {"id": "t1", "type": "add_tag", "params": {"tag_id": tag_id}, "arms": {}},
    ]
    body = {"name": "To be tried", "document": {"version": 1, "triggers": [], "steps": steps}}
    url = f"/automations/{site.api.post('/automations', json=body).json()['id']}"

    page.goto(url)
    page.get_by_role("button", name="Test run").click()
    drawer = page.get_by_role("dialog", name="Test run")
    drawer.get_by_role("textbox", name="First name").fill("Ada")
    drawer.get_by_role("button", name="Run", exact=True).click()
    path = drawer.get_by_role("region", name="What happened")
    expect(path.get_by_role("button", name="Wait: 3 days")).to_be_visible()
    expect(path.get_by_role("status")).to_contain_text("Waits for a time")
    accessible(page)
    path.get_by_role("button", name="On to the next moment").click()
    expect(path.get_by_role("button", name="Tried out")).to_be_visible()
    expect(path.get_by_role("status")).to_contain_text("Completed")
    found = site.api.get("/contacts", params={"search": "test-run@example.com"}).json()
    assert all(item["email"] != "test-run@example.com" for item in found["items"]), "nothing stays"
