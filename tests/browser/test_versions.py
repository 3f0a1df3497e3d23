"""Publishing an automation with contacts inside, its history, and the way back."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

Json = dict[str, Any]


def wait(step_id: str, days: int) -> Json:
    return {"id": step_id, "type": "wait", "params": {"amount": days, "unit": "days"}, "arms": {}}


def document(*steps: Json) -> Json:
    return {"version": 1, "triggers": [], "steps": list(steps)}


def test_changes_are_published_with_contacts_inside_and_an_old_version_comes_back(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    body = {"name": "Patience", "document": document(wait("w1", 30), wait("w2", 2))}
    url = f"/automations/{site.api.post('/automations', json=body).json()['id']}"
    site.api.post(f"{url}/activate").raise_for_status()
    people = [
        site.api.post("/contacts", json={"email": f"patient{number}@versions.example"}).json()["id"]
        for number in range(2)
    ]
    site.api.post(f"{url}/enroll", json={"contact_ids": people}).raise_for_status()
    site.api.put(url, json={"document": document(wait("w2", 5))}).raise_for_status()

    page.goto(url)
    page.get_by_role("button", name="Publish 2 changes").click()
    dialog = page.get_by_role("dialog", name="Publish the changes")
    expect(dialog.get_by_role("list", name="What changed")).to_contain_text("Wait amount: 2 → 5")
    expect(dialog.get_by_text("2 contacts stand on “Wait: 30 days”, which is gone. Where to?")).to_be_visible()
    accessible(page)
    dialog.get_by_role("combobox", name="Where those on “Wait: 30 days” go").click()
    expect(page.get_by_role("option", name="On to the next step, “Wait: 5 days”")).to_be_visible()
    page.get_by_role("option", name="Out of the automation").click()
    dialog.get_by_role("textbox", name="What is new (optional)").fill("No more month of silence")
    dialog.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_text("Published. 2 contacts inside go by the new version.")).to_be_visible()
    expect(page.get_by_role("button", name="Publish", exact=False)).to_have_count(0)
    assert site.api.get(f"{url}/counts").json()["exited"] == 2

    page.get_by_role("button", name="History").click()
    history = page.get_by_role("dialog", name="History")
    expect(history.get_by_text("No more month of silence")).to_be_visible()
    history.get_by_role("button", name="Version 1").click()
    history.get_by_role("button", name="Look at it").click()
    expect(page.get_by_text("You are looking at version 1.")).to_be_visible()
    expect(page.get_by_role("button", name="Wait. 30 days")).to_be_visible()
    accessible(page)
    history.get_by_role("button", name="Use this version").click()
    expect(page.get_by_text("The draft is version 1 again.")).to_be_visible()
    expect(page.get_by_role("button", name="Publish 2 changes")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Wait. 30 days")).to_have_count(0)


def test_going_on_after_a_pause_asks_what_becomes_of_timers(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    body = {"name": "A break", "document": document(wait("w1", 30))}
    url = f"/automations/{site.api.post('/automations', json=body).json()['id']}"
    site.api.post(f"{url}/activate").raise_for_status()
    one = site.api.post("/contacts", json={"email": "rested@versions.example"}).json()["id"]
    site.api.post(f"{url}/enroll", json={"contact_ids": [one]}).raise_for_status()

    page.goto(url)
    page.get_by_role("switch", name="Running").click()
    expect(page.get_by_text("The automation is paused.")).to_be_visible()
    page.get_by_role("switch", name="Running").click()
    dialog = page.get_by_role("dialog", name="Let it run again")
    dialog.get_by_role("radio", name="They stood still").check()
    accessible(page)
    dialog.get_by_role("button", name="Run", exact=True).click()
    expect(page.get_by_text("The automation is running.")).to_be_visible()
    assert site.api.get(url).json()["paused_at"] is None


def test_an_automation_is_duplicated_and_comes_in_again_from_a_file(page: Page, site: Site, tmp_path: Path) -> None:
    body = {"name": "To be kept", "document": document(wait("w1", 3))}
    url = f"/automations/{site.api.post('/automations', json=body).json()['id']}"
    page.goto("/automations")
    page.get_by_role("button", name="More for To be kept", exact=True).click()
    expect(page.get_by_role("menuitem", name="Save as a file")).to_have_attribute("href", f"/api/v1{url}/file")
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(page.get_by_role("link", name="To be kept (copy)")).to_be_visible()

    file = tmp_path / "kept.json"
    file.write_text(json.dumps(site.api.get(f"{url}/file").json() | {"name": "Brought back"}), encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_role("heading", name="Brought back")).to_be_visible()
    expect(page.get_by_role("button", name="Wait. 3 days")).to_be_visible()

    page.goto("/automations")
    file.write_text("<html>", encoding="utf-8")
    page.locator("input[type=file]").set_input_files(file)
    expect(page.get_by_text("This file is not an automation.")).to_be_visible()
