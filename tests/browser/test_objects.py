"""Custom objects by hand: described, filled, seen on a contact, and asked about in a segment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def made(site: Site, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = site.api.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


def test_an_object_is_described_and_its_records_belong_to_contacts(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    contact = made(site, "/contacts", {"email": "pia@pets.example", "first_name": "Pia", "last_name": "Keeper"})["id"]
    page.goto("/objects")
    page.get_by_role("button", name="New object").first.click()
    page.get_by_role("textbox", name="One is called").fill("Parrot")
    page.get_by_role("textbox", name="Several are called").fill("Parrots")
    accessible(page)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Parrots", level=1)).to_be_visible()
    page.get_by_role("textbox", name="New field").fill("Words")
    page.get_by_role("combobox", name="Type").click()
    page.get_by_role("option", name="Number").click()
    page.get_by_role("button", name="Add field").click()
    expect(page.get_by_role("button", name="Name of the field: Words. Edit")).to_be_visible()
    accessible(page)

    page.goto(f"/contacts/{contact}?tab=records")
    page.get_by_role("button", name="Add record").click()
    page.get_by_role("menuitem", name="Parrot").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="Name").fill("Polly")
    dialog.get_by_role("textbox", name="Words").fill("12")
    dialog.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Polly").click()
    expect(page.get_by_role("heading", name="Polly", level=1)).to_be_visible()
    expect(page.get_by_role("link", name="Pia Keeper")).to_be_visible()
    page.get_by_role("button", name="Words: 12. Edit").click()
    page.keyboard.press("Control+a")
    page.keyboard.type("30")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Words: 30. Edit")).to_be_visible()
    accessible(page)

    page.get_by_role("button", name="Remove Pia Keeper").click()
    expect(page.get_by_role("link", name="Pia Keeper")).to_have_count(0)
    page.get_by_role("combobox", name="Add: Contact").or_(page.get_by_role("textbox", name="Add: Contact")).fill("Pia")
    page.get_by_role("option", name="Pia Keeper").click()
    expect(page.get_by_role("link", name="Pia Keeper")).to_be_visible()

    page.goto("/objects")
    page.get_by_role("link", name="Parrots").click()
    page.get_by_role("row", name="Polly").click()
    page.get_by_role("button", name="Record actions").click()
    page.get_by_role("menuitem", name="Delete record").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete record").click()
    expect(page.get_by_text("No records yet")).to_be_visible()


def test_a_record_is_added_on_a_deal_and_moved_to_another(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    schema = made(site, "/objects/schemas", {"singular": "Quote", "plural": "Quotes", "fields": [{"name": "Number"}]})
    first, other = (made(site, "/deals", {"title": title})["id"] for title in ("Solar roof", "Heat pump"))
    page.goto(f"/objects/{schema['id']}?tab=structure")
    page.get_by_role("textbox", name="New relationship").fill("Quoted for")
    page.get_by_role("combobox", name="Belongs to").click()
    page.get_by_role("option", name="A deal").click()
    page.get_by_role("button", name="Add relationship").click()
    expect(page.get_by_role("button", name="Delete relationship Quoted for")).to_be_visible()

    page.goto(f"/deals/{first}")
    page.get_by_role("tab", name="Records").click()
    page.get_by_role("button", name="Add record").click()
    page.get_by_role("menuitem", name="Quote").click()
    page.get_by_role("dialog").get_by_role("textbox", name="Number").fill("Q-2041")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_role("link", name="Q-2041")).to_be_visible()
    accessible(page)
    page.get_by_role("link", name="Q-2041").click()
    expect(page.get_by_role("link", name="Solar roof")).to_be_visible()
    page.get_by_placeholder("Add: Quoted for").fill("Heat")
    page.get_by_role("option", name="Heat pump").click()
    expect(page.get_by_role("link", name="Heat pump")).to_be_visible()
    expect(page.get_by_role("link", name="Solar roof")).to_have_count(0)
    accessible(page)

    page.goto(f"/deals/{other}")
    page.get_by_role("tab", name="Records").click()
    expect(page.get_by_role("link", name="Q-2041")).to_be_visible()
