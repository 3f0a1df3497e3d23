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
        {
            "id": "c1",
            "type": "if_else",
            "params": {
                "condition": {"match": "all", "conditions": [{"type": "has_tag", "params": {"tag_id": tag_id}}]}
            },
            "arms": {
                "yes": [{"id": "y1", "type": "remove_tag", "params": {"tag_id": tag_id}, "arms": {}}],
                "no": [{"id": "n1", "type": "add_tag", "params": {"tag_id": tag_id}, "arms": {}}],
            },
        },
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
    expect(path.get_by_role("button", name="Add tag: Tried out")).to_be_visible()
    expect(path.get_by_role("status")).to_contain_text("Completed")
    for step, place in (("w1", "1"), ("t1", "2"), ("c1", "3"), ("y1", "4")):
        expect(page.get_by_test_id(f"step-{step}")).to_have_attribute("data-path", "on")
        expect(page.get_by_test_id(f"step-{step}")).to_contain_text(place)
    expect(page.get_by_test_id("step-n1")).to_have_attribute("data-path", "off")
    expect(page.get_by_role("button", name="Step 4 of the test run")).to_be_visible()
    accessible(page)
    drawer.get_by_role("button", name="Close").click()
    expect(page.locator("[data-path]")).to_have_count(0)
    found = site.api.get("/contacts", params={"search": "test-run@example.com"}).json()
    assert all(item["email"] != "test-run@example.com" for item in found["items"]), "nothing stays"


def test_a_draft_is_held_against_the_last_days(page: Page, site: Site, accessible: Callable[[Page], None]) -> None:
    tag_id = site.api.post("/tags", json={"name": "Dry run"}).json()["id"]
    message = {"name": "Dry letter", "subject": "Dry letter", "from_name": "Ada", "from_email": "ada@example.org"}
    message_id = site.api.post("/messages", json=message).json()["id"]
    contacts = [site.api.post("/contacts", json={"email": f"dry.{n}@example.org"}).json()["id"] for n in range(3)]
    body = {"action": "add_tag", "tag_id": tag_id, "contact_ids": contacts}
    site.api.post("/contacts/bulk", json=body).raise_for_status()
    document = {
        "version": 1,
        "triggers": [{"id": "t1", "type": "tag_added", "params": {"tag_id": tag_id}, "runs": "once"}],
        "steps": [{"id": "m1", "type": "send_email", "params": {"message_id": message_id}, "arms": {}}],
    }
    made = site.api.post("/automations", json={"name": "To be counted", "document": document}).json()

    page.goto(f"/automations/{made['id']}")
    page.get_by_role("button", name="Test run").click()
    drawer = page.get_by_role("dialog", name="Test run")
    drawer.get_by_role("tab", name="The last days").click()
    drawer.get_by_role("button", name="Count").click()
    result = drawer.get_by_role("region", name="What would have happened")
    expect(result.get_by_role("status").first).to_have_text("3 would have entered, and 3 mails would have been sent.")
    expect(result.get_by_role("img", name="Entries and mails by day")).to_be_visible()
    accessible(page)
    result.get_by_role("button", name="Dry letter").click()
    expect(page.get_by_test_id("step-m1")).to_have_attribute("data-selected", "true")
    assert site.api.get(f"/automations/{made['id']}/counts").json()["entered"] == 0
