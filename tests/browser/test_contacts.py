"""The contact list and the profile, by hand."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


@pytest.fixture(scope="module")
def people(site: Site) -> list[int]:
    """A hundred and fifty Lovelaces: more than a page of the list."""
    ids: list[int] = []
    for number in range(150):
        body = {"email": f"lovelace{number}@example.com", "first_name": f"Ada{number:03}", "last_name": "Lovelace"}
        answer = site.api.post("/contacts", json=body)
        answer.raise_for_status()
        ids.append(answer.json()["id"])
    return ids


@pytest.mark.usefixtures("people")
def test_the_list_loads_more_while_scrolling_and_draws_few_rows(page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto("/contacts?q=lovelace")
    expect(page.get_by_text("150 contacts")).to_be_visible()
    accessible(page)
    table = page.get_by_role("table", name="Contacts")
    table.hover()
    last = page.locator('[aria-rowindex="151"]')
    for _ in range(20):
        page.mouse.wheel(0, 3000)
        page.wait_for_timeout(100)
        if last.count():
            break
    expect(last).to_be_visible()
    assert page.locator("[data-body]").count() < 60


@pytest.mark.usefixtures("people")
def test_many_contacts_get_a_new_tag_and_the_filter_finds_them(page: Page) -> None:
    page.goto("/contacts?q=lovelace&sort=name")
    rows = page.locator("[data-body]")
    for place in range(3):
        rows.nth(place).get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="Bulk actions")
    expect(bar).to_contain_text("3 selected")
    bar.get_by_role("button", name="Add tag").click()
    page.get_by_role("combobox", name="Tag", exact=True).fill("Countess")
    page.get_by_role("option", name="Make “Countess”").click()
    page.get_by_role("dialog").get_by_role("button", name="Add tag").click()
    expect(page.get_by_text("Tag added to 3 contacts")).to_be_visible()
    expect(bar).to_be_hidden()
    page.get_by_role("combobox", name="Filter by tag").click()
    page.get_by_role("option", name="Countess").click()
    expect(page.get_by_text("3 contacts", exact=True)).to_be_visible()


def test_a_profile_is_edited_in_place_and_shows_what_happened(
    page: Page, site: Site, people: list[int], accessible: Callable[[Page], None]
) -> None:
    site.api.post("/fields", json={"name": "Home town", "type": "text"}).raise_for_status()
    page.goto(f"/contacts/{people[5]}")
    expect(page.get_by_role("heading", name="Ada005 Lovelace")).to_be_visible()
    page.get_by_role("button", name="Home town: empty. Edit").click()
    page.keyboard.type("London")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Home town: London. Edit")).to_be_visible()
    expect(page.get_by_role("listitem").filter(has_text="Home town")).to_contain_text("London")
    page.get_by_role("button", name="First name: Ada005. Edit").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="First name: Ada005. Edit")).to_be_focused()
    accessible(page)


def test_a_contact_is_added_and_an_address_cannot_be_taken_twice(page: Page) -> None:
    page.goto("/contacts")
    page.get_by_role("button", name="Add contact").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("E-mail").fill("grace@example.com")
    dialog.get_by_label("First name").fill("Grace")
    dialog.get_by_role("button", name="Add contact").click()
    expect(page.get_by_role("heading", name="Grace")).to_be_visible()
    page.goto("/contacts?add=true")
    dialog.get_by_label("E-mail").fill("grace@example.com")
    dialog.get_by_role("button", name="Add contact").click()
    expect(dialog.get_by_label("E-mail")).to_have_attribute("aria-invalid", "true")


@pytest.mark.usefixtures("people")
def test_the_palette_finds_a_contact_by_keyboard_alone(page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto("/dashboard")
    page.get_by_role("navigation", name="Main").wait_for()
    page.keyboard.press("Control+k")
    page.get_by_role("textbox", name="Search").fill("lovelace42@")
    expect(page.get_by_text("lovelace42@example.com")).to_be_visible()
    accessible(page)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Ada042 Lovelace")).to_be_visible()


def test_a_contact_that_does_not_exist_says_so(page: Page) -> None:
    page.goto("/contacts/987654321")
    expect(page.get_by_role("heading", name="This contact does not exist")).to_be_visible()


@pytest.mark.usefixtures("people")
def test_columns_are_chosen_put_in_order_and_kept(
    page: Page, site: Site, people: list[int], accessible: Callable[[Page], None]
) -> None:
    field = site.api.post("/fields", json={"name": "Shoe size", "type": "number"}).json()["id"]
    site.api.patch(f"/contacts/{people[0]}", json={"fields": {str(field): 43}}).raise_for_status()
    page.goto("/contacts?q=lovelace0@")
    page.get_by_role("button", name="Columns").click()
    page.get_by_role("button", name="Shoe size").click()
    page.get_by_role("button", name="Last opened").click()
    for _ in range(5):
        page.get_by_role("button", name="Move Shoe size to the left").click()
    page.get_by_role("button", name="Hide Phone").click()
    accessible(page)
    page.keyboard.press("Escape")
    heads = page.get_by_role("columnheader")
    shown = ["Contact", "Shoe size", "Status", "Tags", "Lists", "Added", "Last opened"]
    expect(heads.filter(has_text=re.compile(r"\w"))).to_have_text(shown)
    page.reload()
    expect(heads.filter(has_text=re.compile(r"\w"))).to_have_text(shown)
    expect(page.get_by_role("cell", name="43", exact=True)).to_be_visible()


@pytest.mark.usefixtures("people")
def test_a_filter_by_condition_is_saved_as_a_view_and_everyone_it_finds_is_tagged(
    page: Page, accessible: Callable[[Page], None]
) -> None:
    page.goto("/contacts")
    page.get_by_role("button", name="Filter", exact=True).click()
    panel = page.get_by_role("complementary", name="Filter")
    panel.get_by_role("button", name="Add condition").click()
    page.get_by_role("option", name="Contact detail").click()
    panel.get_by_role("combobox", name="Detail").click()
    page.get_by_role("option", name="Last name").click()
    panel.get_by_role("textbox", name="Value").fill("Lovelace")
    expect(page.get_by_text("150 contacts", exact=True)).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Save view").click()
    dialog = page.get_by_role("dialog", name="Save this view")
    dialog.get_by_label("Name").fill("The Lovelaces")
    dialog.get_by_role("button", name="Save view").click()
    tab = page.get_by_role("tab", name="The Lovelaces")
    expect(tab).to_have_attribute("aria-selected", "true")
    page.get_by_role("tab", name="All", exact=True).click()
    expect(page.get_by_text("150 contacts", exact=True)).to_be_hidden()
    page.reload()
    tab.click()
    expect(page.get_by_text("150 contacts", exact=True)).to_be_visible()
    expect(panel.get_by_role("button", name="Last name is Lovelace", exact=True)).to_be_visible()

    page.get_by_role("checkbox", name="Select all rows").check()
    bar = page.get_by_role("region", name="Bulk actions")
    bar.get_by_role("button", name="Select all 150").click()
    bar.get_by_role("button", name="Add tag").click()
    page.get_by_role("combobox", name="Tag", exact=True).fill("Family")
    page.get_by_role("option", name="Make “Family”").click()
    page.get_by_role("dialog").get_by_role("button", name="Add tag").click()
    expect(page.get_by_text("Tag added to 150 contacts")).to_be_visible()
    page.get_by_role("link", name="Save as segment").click()
    expect(page.get_by_role("region", name="Live count").get_by_role("status")).to_contain_text("150")
    expect(page.get_by_role("button", name="Last name is Lovelace", exact=True)).to_be_visible()
