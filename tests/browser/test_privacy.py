"""Cleaning up by hand: duplicates, the trash, consent, fields in groups, tags that become one."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Literal

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.mouse import drag

Accessible = Callable[[Page], None]


def made(site: Site, path: str, **body: Any) -> dict[str, Any]:
    answer = site.api.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


def test_two_records_of_one_person_are_found_compared_and_merged(
    page: Page, site: Site, accessible: Accessible
) -> None:
    first = made(site, "/contacts", email="grace.hopper@gmail.com", first_name="Grace", phone="+1 555 7654321")
    second = made(site, "/contacts", email="gracehopper+navy@gmail.com", first_name="Admiral Grace", last_name="Hopper")
    page.goto("/contacts/duplicates")
    page.get_by_role("button", name="Search now").click()
    pair = page.get_by_role("listitem").filter(has_text="grace.hopper@gmail.com")
    expect(pair).to_contain_text("95 % alike", timeout=20_000)
    accessible(page)
    pair.get_by_role("button", name="Not duplicates").click()
    expect(pair).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    pair.get_by_role("button", name="Compare and merge").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("radio", name="Last name: Hopper")).to_be_checked()
    dialog.get_by_role("radio", name="First name: Grace", exact=True).check()
    dialog.get_by_role("radio", name="E-mail: grace.hopper@gmail.com").check()
    accessible(page)
    dialog.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("Grace Hopper is one contact now")).to_be_visible()
    expect(pair).to_be_hidden()
    kept = site.api.get(f"/contacts/{first['id']}").json()
    assert [kept[key] for key in ("email", "first_name", "last_name", "phone")] == [
        "grace.hopper@gmail.com", "Grace", "Hopper", "+1 555 7654321",
    ]  # fmt: skip
    page.goto(f"/contacts/{second['id']}")
    expect(page).to_have_url(re.compile(rf"/contacts/{first['id']}$"))


def _delete(page: Page, contact_id: int) -> None:
    page.goto(f"/contacts/{contact_id}")
    page.get_by_role("button", name="Contact actions").click()
    page.get_by_role("menuitem", name="Delete contact").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete contact").click()


def test_a_deleted_contact_comes_back_by_undo_and_from_the_trash(
    page: Page, site: Site, accessible: Accessible
) -> None:
    contact = made(site, "/contacts", email="trashed@example.com", first_name="Tracy", last_name="Trashed")
    _delete(page, contact["id"])
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="Tracy Trashed")).to_be_visible()
    _delete(page, contact["id"])
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.goto("/contacts/trash")
    page.get_by_role("textbox", name="Search name or e-mail").fill("tracy")
    page.get_by_role("checkbox", name=re.compile("Tracy Trashed")).check()
    accessible(page)
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("1 contact restored")).to_be_visible()
    assert site.api.get(f"/contacts/{contact['id']}").status_code == 200


def test_an_address_taken_again_is_told_and_the_contact_can_be_erased(page: Page, site: Site) -> None:
    contact = made(site, "/contacts", email="taken@example.com", first_name="Tim", last_name="Taken")
    site.api.delete(f"/contacts/{contact['id']}")
    made(site, "/contacts", email="taken@example.com")
    page.goto("/contacts/trash")
    page.get_by_role("checkbox", name=re.compile("Tim Taken")).check()
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("alert").filter(has_text="taken@example.com")).to_be_visible()
    page.get_by_role("button", name="Erase for ever").click()
    page.get_by_role("dialog").get_by_role("button", name="Erase for ever").click()
    expect(page.get_by_role("table", name="Deleted contacts").get_by_text("Tim Taken")).to_be_hidden()


def test_consent_is_withdrawn_with_a_reason_and_the_person_exported(
    page: Page, site: Site, accessible: Accessible
) -> None:
    weekly = made(site, "/lists", name="Consent weekly")["id"]
    contact = made(site, "/contacts", email="clara@example.com", first_name="Clara")["id"]
    made(site, f"/contacts/{contact}/consents", list_id=weekly, is_given=True, source="paper form")
    page.goto(f"/contacts/{contact}?tab=consent")
    expect(page.get_by_text("Source: paper form")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Withdraw Consent weekly").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_text("Please say why")).to_be_visible()
    dialog.get_by_role("textbox", name="Reason").fill("Asked on the phone")
    dialog.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Reason: Asked on the phone")).to_be_visible()
    assert site.api.get(f"/contacts/{contact}").json()["lists"][0]["status"] == "unsubscribed"
    page.get_by_role("button", name="Export everything").click()
    with page.expect_download() as download:
        page.get_by_role("link", name=f"Download contact-{contact}.json").click(timeout=20_000)
    assert "paper form" in download.value.path().read_text()


def test_fields_move_between_groups_and_tags_become_one(page: Page, site: Site, accessible: Accessible) -> None:
    made(site, "/field-groups", name="Shipping")
    street = made(site, "/fields", name="Ship street")
    city = made(site, "/fields", name="Ship city")
    page.goto("/contacts/fields")
    group = page.get_by_role("list", name="Shipping")
    drag(page, page.get_by_role("listitem").filter(has_text="Ship street"), group, grip=(120, 15))
    expect(group.get_by_text("Ship street")).to_be_visible()
    page.get_by_role("button", name="Actions for Ship city").click()
    page.get_by_role("menuitem", name="Move to Shipping").click()
    expect(group.get_by_text("Ship city")).to_be_visible()
    accessible(page)
    order = [field["id"] for field in site.api.get("/fields").json()["items"] if field["group_id"]]
    assert sorted(order) == sorted([city["id"], street["id"]])
    kept, gone = made(site, "/tags", name="Merge VIP"), made(site, "/tags", name="Merge Vip!")
    contact = made(site, "/contacts", email="vip@example.com")["id"]
    body = {"action": "add_tag", "tag_id": gone["id"], "contact_ids": [contact]}
    made(site, "/contacts/bulk", **body)
    page.goto("/contacts/tags")
    page.get_by_role("button", name="Actions for Merge Vip!").click()
    page.get_by_role("menuitem", name="Merge into another tag").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox", name="Tag that stays").fill("Merge VIP")
    page.get_by_role("option", name="Merge VIP", exact=True).click()
    dialog.get_by_role("button", name="Merge").click()
    expect(page.get_by_text("The tags are one now")).to_be_visible()
    tags = site.api.get(f"/contacts/{contact}").json()["tags"]
    assert [tag["id"] for tag in tags] == [kept["id"]]


@pytest.mark.parametrize("path", ["duplicates", "trash", "fields", "tags", "lists"])
@pytest.mark.parametrize(("scheme", "width"), [("dark", 1280), ("light", 390)])
def test_the_pages_are_accessible_in_the_dark_and_on_phones(
    page: Page, site: Site, accessible: Accessible, path: str, scheme: Literal["dark", "light"], width: int
) -> None:
    twins = [made(site, "/contacts", email=f"axe+{n}.{scheme}{width}{path}@example.com")["id"] for n in range(3)]
    site.api.delete(f"/contacts/{twins.pop()}")
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(f"/contacts/{path}")
    expect(page.get_by_role("tab", selected=True)).to_be_visible()
    page.wait_for_timeout(500)
    accessible(page)
    if path == "tags":
        page.goto(f"/contacts/{twins[0]}?tab=consent")
        expect(page.get_by_text("What was said, and when")).to_be_visible()
        accessible(page)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
