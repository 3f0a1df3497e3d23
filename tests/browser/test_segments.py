"""Segments, built by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.mouse import drag

SIGNED, PLAIN, BUYERS = 6, 5, 4


@pytest.fixture(scope="module")
def crowd(site: Site) -> None:
    """Six with a tag, five without, four with a field; all are called Segmenter."""
    tag = site.api.post("/tags", json={"name": "Signed up"}).json()["id"]
    field = site.api.post("/fields", json={"name": "Cups a day", "type": "number"}).json()["id"]
    for number in range(SIGNED + PLAIN + BUYERS):
        fields = {str(field): number} if number >= SIGNED + PLAIN else {}
        body = {"email": f"seg{number:02}@example.com", "last_name": f"Segmenter{number:02}", "fields": fields}
        made = site.api.post("/contacts", json=body).raise_for_status().json()["id"]
        if number < SIGNED:
            change = {"action": "add_tag", "contact_ids": [made], "tag_id": tag}
            site.api.post("/contacts/bulk", json=change).raise_for_status()


def add_condition(page: Page, group: Locator, label: str) -> None:
    group.get_by_role("button", name="Add condition").last.click()
    page.get_by_role("textbox", name="Search conditions").fill(label[:7])
    page.get_by_role("option", name=label, exact=True).click()


def choose(page: Page, name: str, option: str) -> None:
    page.get_by_role("combobox", name=name, exact=True).last.click()
    page.get_by_role("option", name=option, exact=True).click()


@pytest.mark.usefixtures("crowd")
def test_a_segment_with_a_nested_group_is_built_and_counted_while_it_is_built(
    page: Page, accessible: Callable[[Page], None]
) -> None:
    page.goto("/segments")
    page.get_by_role("link", name="New segment").first.click()
    page.get_by_role("textbox", name="Name of the segment").fill("Signed up or heavy drinkers")
    root = page.get_by_role("group", name="Group: all of these must hold").first
    count = page.get_by_role("region", name="Live count").get_by_role("status")
    add_condition(page, root, "Contact detail")
    choose(page, "Detail", "Last name")
    choose(page, "How", "starts with")
    page.get_by_role("textbox", name="Value").fill("segmenter")
    expect(count).to_contain_text(str(SIGNED + PLAIN + BUYERS))
    root.get_by_role("button", name="Add group").last.click()
    inner = page.get_by_role("group", name="Group: any of these must hold")
    add_condition(page, inner, "Has tag")
    choose(page, "Tag", "Signed up")
    expect(count).to_contain_text(f"{SIGNED}contacts match now")
    add_condition(page, inner, "Field")
    choose(page, "Field", "Cups a day")
    choose(page, "How", "is at least")
    expect(page.get_by_text("1 condition not filled in")).to_be_visible()
    page.get_by_role("textbox", name="Value").last.fill("13")
    expect(count).to_contain_text(f"{SIGNED + 2}contacts match now")
    expect(page.get_by_text("counted in")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Create segment").click()
    expect(page.get_by_text("Signed up or heavy drinkers was created")).to_be_visible()
    page.get_by_role("link", name="Segments", exact=True).click()
    told = "Last name starts with segmenter and (Has tag Signed up or Cups a day is at least 13)"
    expect(page.get_by_text(told)).to_be_visible()


@pytest.mark.usefixtures("crowd")
def test_conditions_move_by_keyboard_by_menu_and_by_mouse(page: Page) -> None:
    page.goto("/segments/new")
    root = page.get_by_role("group", name="Group: all of these must hold").first
    for label, tag in (("Has tag", "Signed up"), ("Was sent an email", None)):
        add_condition(page, root, label)
        if tag:
            choose(page, "Tag", tag)
    root.get_by_role("button", name="Add group").last.click()
    inner = page.get_by_role("group", name="Group: any of these must hold")
    tagged = page.get_by_role("button", name="Has tag Signed up", exact=True)
    tagged.focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(tagged).to_be_focused()
    page.keyboard.press("Alt+ArrowDown")
    expect(inner.get_by_role("button", name="Has tag Signed up", exact=True)).to_be_focused()
    inner.get_by_role("button", name="Condition actions").click()
    page.get_by_role("menuitem", name="Duplicate").click()
    expect(inner.get_by_role("button", name="Has tag Signed up", exact=True)).to_have_count(2)
    drag(page, inner.locator("[data-handle]").nth(1), root.locator("[data-handle]").first, grip=(6, 10), drop=(66, -8))
    expect(inner.get_by_role("button", name="Has tag Signed up", exact=True)).to_have_count(1)
    expect(root.get_by_role("button", name="Has tag Signed up", exact=True)).to_have_count(2)
    page.get_by_role("button", name="Remove group").click()
    expect(inner).to_have_count(0)


def test_a_segment_needs_a_name_of_its_own(page: Page, site: Site) -> None:
    everyone = {"match": "all", "conditions": []}
    site.api.post("/segments", json={"name": "Everyone here", "condition": everyone}).raise_for_status()
    page.goto("/segments/new")
    page.get_by_role("textbox", name="Name of the segment").fill("Everyone here")
    page.get_by_role("button", name="Create segment").click()
    expect(page.get_by_text("There is already a segment called Everyone here.")).to_be_visible()


def test_what_the_server_refuses_is_said_at_its_condition(page: Page, accessible: Callable[[Page], None]) -> None:
    wrong = {"type": "field", "params": {"field_id": 987654, "operator": "equals", "value": "x"}}
    right = {"type": "contact_attribute", "params": {"attribute": "email", "operator": "is_not_empty"}}
    condition = {"match": "all", "conditions": [right, {"match": "any", "conditions": [wrong]}]}
    page.goto(f"/segments/new?condition={quote(json.dumps(condition))}")
    inner = page.get_by_role("group", name="Group: any of these must hold")
    expect(inner.get_by_role("alert")).to_have_text("There is no field 987654.")
    expect(page.get_by_role("alert")).to_have_count(1)
    expect(page.get_by_role("region", name="Live count")).to_contain_text("Please look at the condition marked in red.")
    accessible(page)
    inner.get_by_role("button", name="Remove: ").click()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.get_by_role("region", name="Live count")).to_contain_text("match now")


def test_a_segment_shows_who_is_in_who_came_and_why(page: Page, site: Site, accessible: Callable[[Page], None]) -> None:
    tag = site.api.post("/tags", json={"name": "Regular"}).json()["id"]
    people = {
        name: site.api.post("/contacts", json={"email": f"{name}@regulars.example", "first_name": name}).json()["id"]
        for name in ("Gracie", "Alan")
    }
    condition = {"match": "all", "conditions": [{"type": "has_tag", "params": {"tag_id": tag}}]}
    made = site.api.post("/segments", json={"name": "Regulars", "condition": condition}).raise_for_status().json()
    page.goto(f"/segments/{made['id']}")
    expect(page.get_by_text("Up to date")).to_be_visible()
    expect(page.get_by_text("Nobody here")).to_be_visible()
    change = {"action": "add_tag", "contact_ids": [people["Gracie"]], "tag_id": tag}
    site.api.post("/contacts/bulk", json=change).raise_for_status()
    page.get_by_role("tab", name="Entered and left").click()
    expect(page.get_by_text("Nobody came or went yet").or_(page.get_by_text("Gracie entered"))).to_be_visible()
    page.wait_for_timeout(2_000)
    page.reload()
    expect(page.get_by_role("listitem").filter(has_text="Gracie entered")).to_be_visible()
    why = page.get_by_role("region", name="Why is someone in or out?")
    for name, answer, value in (("Gracie", "Gracie is in", "Has: Regular"), ("Alan", "Alan is not in", "Has: nothing")):
        why.get_by_label("Choose a contact").fill(f"{name.lower()}@regulars")
        page.get_by_role("option", name=name).click()
        expect(why).to_contain_text(answer)
        expect(why).to_contain_text(value)
    accessible(page)
    page.emulate_media(color_scheme="dark")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", "dark")
    page.wait_for_timeout(250)
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
