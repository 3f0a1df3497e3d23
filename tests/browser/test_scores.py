"""A score from nothing: a rule gives points, a person gives more, and the contact's page says why."""

from __future__ import annotations

import uuid

from playwright.sync_api import Page, expect


def test_a_rule_gives_points_and_the_contact_says_why(page: Page) -> None:
    name = f"Keen {uuid.uuid4().hex[:6]}"
    address = f"{uuid.uuid4().hex[:8]}@keen.example"
    page.goto("/contacts?add=true")
    page.get_by_role("dialog").get_by_label("E-mail").fill(address)
    page.get_by_role("dialog").get_by_role("button", name="Add contact").click()
    expect(page.get_by_role("heading", name=address, level=1)).to_be_visible()
    contact = page.url

    page.goto("/scores")
    page.get_by_role("button", name="New score").first.click()
    page.get_by_role("dialog", name="New score").get_by_label("Name").fill(name)
    page.get_by_role("dialog", name="New score").get_by_role("button", name="Make score").click()
    expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    page.get_by_role("button", name="Add rule").click()
    dialog = page.get_by_role("dialog", name="Add rule")
    dialog.get_by_role("button", name="Add condition").click()
    page.get_by_role("menuitem", name="Contact detail").or_(
        page.get_by_role("option", name="Contact detail")
    ).first.click()
    dialog.get_by_role("combobox", name="Detail").click()
    page.get_by_role("option", name="E-mail", exact=True).click()
    dialog.get_by_role("textbox", name="Value").or_(dialog.get_by_role("combobox", name="Value")).fill(address)
    dialog.get_by_label("Points", exact=True).fill("15")
    dialog.get_by_role("button", name="Save rule").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_text("given to 1 contact")).to_be_visible()

    page.goto(contact)
    page.get_by_role("button", name=f"{name}: 15 points").click()
    why = page.get_by_role("dialog", name=name)
    expect(why.get_by_text(address)).to_be_visible()
    why.get_by_label("Points").fill("7")
    why.get_by_label("Reason").fill("Met at the fair")
    why.get_by_role("button", name="Give").click()
    expect(why.get_by_text("22 points")).to_be_visible()
    expect(why.get_by_text("Met at the fair")).to_be_visible()
