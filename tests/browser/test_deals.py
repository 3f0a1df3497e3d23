"""Deals in the browser: a pipeline from nothing, cards moved by mouse and by keyboard, won, and a task done."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.mouse import drag


def make_pipeline(page: Page, name: str) -> None:
    page.goto("/deals/pipelines")
    page.get_by_role("button", name="New pipeline").click()
    dialog = page.get_by_role("dialog", name="New pipeline")
    dialog.get_by_label("Name of the pipeline").fill(name)
    dialog.get_by_label("Currency").fill("eur")
    dialog.get_by_role("button", name="Make pipeline").click()
    expect(page.get_by_role("region", name=name)).to_be_visible()


def open_board(page: Page, name: str) -> None:
    page.goto("/deals")
    page.get_by_role("combobox", name="Pipeline").click()
    page.get_by_role("option", name=name, exact=True).click()
    expect(page.get_by_role("heading", name="To contact", level=2)).to_be_visible()


def add_deal(page: Page, title: str, amount: str) -> None:
    page.get_by_role("button", name="New deal").click()
    dialog = page.get_by_role("dialog", name="New deal")
    dialog.get_by_label("Title").fill(title)
    dialog.get_by_label("Value").fill(amount)
    dialog.get_by_role("button", name="Add deal").click()
    expect(dialog).to_have_count(0)
    expect(page.get_by_role("link", name=title)).to_be_visible()


def come_back(page: Page, title: str, stage: str) -> None:
    """The deal's page tells what the server knows; a board that is loaded anew then shows it too."""
    board = page.url
    page.get_by_role("link", name=title).click()
    expect(page.get_by_role("button", name=stage, exact=True)).to_have_attribute("aria-current", "step")
    page.goto(board)


def test_a_deal_goes_through_a_pipeline(page: Page) -> None:
    make_pipeline(page, "Roofs")
    row = page.get_by_role("region", name="Roofs").get_by_role("listitem").nth(1)
    row.get_by_label("Name of the stage").fill("Tasting")
    row.get_by_label("Name of the stage").press("Enter")
    expect(page.get_by_role("button", name="Actions for Tasting")).to_be_visible()
    open_board(page, "Roofs")
    add_deal(page, "Slate roof", "1200.50")
    add_deal(page, "Tin roof", "800")
    first, second = (
        page.get_by_role("region", name="To contact", exact=True),
        page.get_by_role("region", name="Tasting", exact=True),
    )
    expect(first.get_by_role("article")).to_have_count(2)
    expect(first.get_by_role("link").first).to_have_text("Tin roof")

    drag(page, first.get_by_role("article").first, second, drop=(100, 200))
    expect(second.get_by_role("link", name="Tin roof")).to_be_visible()
    expect(second.get_by_text("€800")).to_have_count(2)
    page.get_by_role("button", name="Undo").click()
    expect(first.get_by_role("link", name="Tin roof")).to_be_visible()

    card = page.get_by_role("link", name="Slate roof")
    card.focus()
    card.press("Alt+ArrowRight")
    expect(second.get_by_role("link", name="Slate roof")).to_be_focused()
    come_back(page, "Slate roof", "Tasting")
    expect(second.get_by_role("link", name="Slate roof")).to_be_visible()


def test_a_deal_is_worked_on_until_it_is_won(page: Page) -> None:
    make_pipeline(page, "Walls")
    open_board(page, "Walls")
    add_deal(page, "Brick wall", "1200.50")
    page.get_by_role("link", name="Brick wall").click()
    expect(page.get_by_role("heading", name="Brick wall", level=1)).to_be_visible()
    page.get_by_role("button", name="Add task").click()
    dialog = page.get_by_role("dialog", name="New task")
    dialog.get_by_label("What is to be done").fill("Measure the wall")
    dialog.get_by_role("button", name="Add task").click()
    page.get_by_role("checkbox", name="Done: Measure the wall").click()
    expect(page.get_by_text("1 task done")).to_be_visible()
    page.get_by_placeholder(re.compile("Write a note")).fill("Wants it before spring.")
    page.get_by_role("button", name="Save note").click()
    expect(page.get_by_text("Wants it before spring.")).to_be_visible()
    page.get_by_role("button", name="Follow up").click()
    expect(page.get_by_role("button", name="Follow up")).to_have_attribute("aria-current", "step")
    page.get_by_role("button", name="Mark as won").click()
    expect(page.get_by_text("€1,200.50 · 100 % likely")).to_be_visible()
    page.get_by_role("tab", name="History").click()
    expect(page.get_by_text("Status: open → won")).to_be_visible()
    expect(page.get_by_text(re.compile("Stage: .*To contact → .*Follow up"))).to_be_visible()

    page.goto("/deals/report")
    page.get_by_role("combobox", name="Pipeline").click()
    page.get_by_role("option", name="Walls", exact=True).click()
    expect(page.get_by_text("1 won, 0 lost")).to_be_visible()


def test_a_lost_deal_says_why_and_a_stage_gives_its_deals_away(page: Page) -> None:
    make_pipeline(page, "Floors")
    open_board(page, "Floors")
    add_deal(page, "Oak floor", "500")
    page.get_by_role("button", name="Actions for Oak floor").click()
    page.get_by_role("menuitem", name="Mark as lost").click()
    dialog = page.get_by_role("dialog", name="Why was “Oak floor” lost?")
    dialog.get_by_label("Reason").fill("Too slow")
    dialog.get_by_role("button", name="Mark as lost").click()
    expect(page.get_by_role("link", name="Oak floor")).to_have_count(0)
    page.get_by_text("Lost", exact=True).click()
    expect(page.get_by_role("link", name="Oak floor")).to_be_visible()
    page.get_by_role("button", name="Show as list").click()
    expect(page.get_by_role("row", name=re.compile("Oak floor"))).to_be_visible()

    page.goto("/deals/pipelines")
    floors = page.get_by_role("region", name="Floors")
    floors.get_by_role("button", name="Actions for To contact").click()
    page.get_by_role("menuitem", name="Delete stage").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete stage").click()
    expect(floors.get_by_role("button", name="Actions for To contact")).to_have_count(0)
    expect(floors.get_by_role("button", name="Actions for In contact")).to_be_visible()


def made(site: Site, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = site.api.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


def test_cards_keep_their_order_by_keys_and_are_won_where_they_are_dropped(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    stages = [{"name": "First", "probability": 10}, {"name": "Last", "probability": 60}]
    pipeline = made(site, "/pipelines", {"name": "Doors", "currency": "HUF", "stages": stages})
    for title in ("Glass door", "Steel door", "Oak door"):
        body = {"title": title, "value": 100_000, "stage_id": pipeline["stages"][0]["id"]}
        made(site, "/deals", body)
    page.goto(f"/deals?pipeline={pipeline['id']}")
    first = page.get_by_role("region", name="First", exact=True)
    expect(first.get_by_role("link")).to_have_text(["Oak door", "Steel door", "Glass door"])
    # The server counts in fillér, which nobody writes down.
    expect(first.get_by_text("HUF 3,000", exact=True)).to_be_visible()
    expect(first.get_by_text("HUF 300 weighted")).to_be_visible()

    oak = first.get_by_role("link", name="Oak door")
    oak.focus()
    # Faster than the board is drawn again.
    down = "new KeyboardEvent('keydown', { key: 'ArrowDown', altKey: true, bubbles: true })"
    oak.evaluate(f"card => {{ card.dispatchEvent({down}); card.dispatchEvent({down}) }}")
    expect(first.get_by_role("link")).to_have_text(["Steel door", "Glass door", "Oak door"])
    expect(oak).to_be_focused()
    oak.press("Alt+ArrowRight")
    last = page.get_by_role("region", name="Last", exact=True)
    expect(last.get_by_role("link", name="Oak door")).to_be_focused()
    expect(last.get_by_text("HUF 600 weighted")).to_be_visible()
    come_back(page, "Oak door", "Last")
    expect(first.get_by_role("link")).to_have_text(["Steel door", "Glass door"])

    drag(page, first.get_by_role("article").first, page.get_by_test_id("outcome-won"))
    expect(page.get_by_text("“Steel door” is won")).to_be_visible()
    expect(first.get_by_role("link")).to_have_text(["Glass door"])
    page.get_by_role("textbox", name="Search deals").fill("marble")
    expect(page.get_by_text("No deal found")).to_be_visible()
    accessible(page)
    page.get_by_role("button", name="Clear filters").click()
    expect(first.get_by_role("link", name="Glass door")).to_be_visible()
    accessible(page)


def test_a_long_column_loads_as_it_is_scrolled_and_stays_loaded_after_a_move(page: Page, site: Site) -> None:
    stages = [{"name": "Many", "probability": 10}, {"name": "Few", "probability": 60}]
    pipeline = made(site, "/pipelines", {"name": "Windows", "stages": stages})
    for number in range(56):
        made(site, "/deals", {"title": f"Window {number}", "stage_id": pipeline["stages"][0]["id"]})
    page.goto(f"/deals?pipeline={pipeline['id']}")
    many = page.get_by_role("region", name="Many", exact=True)
    expect(many.get_by_role("article")).to_have_count(50)
    many.get_by_role("link", name="Window 6", exact=True).scroll_into_view_if_needed()
    expect(many.get_by_role("article")).to_have_count(56)
    card = many.get_by_role("link", name="Window 2", exact=True)
    card.focus()
    card.press("Alt+ArrowRight")
    expect(page.get_by_role("region", name="Few", exact=True).get_by_role("article")).to_have_count(1)
    expect(many.get_by_role("article")).to_have_count(55)
    page.wait_for_load_state("networkidle")
    expect(many.get_by_role("article")).to_have_count(55)


def test_a_task_is_added_to_a_deal_and_done_on_the_tasks_page(page: Page, site: Site) -> None:
    pipeline = made(site, "/pipelines", {"name": "Gates"})
    made(site, "/deals", {"title": "Garden gate", "stage_id": pipeline["stages"][0]["id"]})
    page.goto("/tasks")
    page.get_by_role("button", name="New task").first.click()
    dialog = page.get_by_role("dialog", name="New task")
    dialog.get_by_label("What is to be done").fill("Paint the gate")
    dialog.get_by_role("button", name="Add task").click()
    expect(dialog.get_by_text("Choose a deal or a contact.")).to_be_visible()
    dialog.get_by_role("combobox", name="Deal").fill("garden")
    page.get_by_role("option", name="Garden gate").click()
    dialog.get_by_role("button", name="Add task").click()
    page.get_by_role("checkbox", name="Done: Paint the gate").check()
    expect(page.get_by_role("checkbox", name="Done: Paint the gate")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("checkbox", name="Done: Paint the gate")).not_to_be_checked()


def test_a_stage_is_given_another_chance_and_patience(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    stages = [{"name": "Asked", "probability": 10}, {"name": "Offered", "probability": 60}]
    pipeline = made(site, "/pipelines", {"name": "Fences", "currency": "EUR", "stages": stages})
    deal = made(site, "/deals", {"title": "Garden fence", "value": 100_000, "stage_id": pipeline["stages"][1]["id"]})
    page.goto("/deals/pipelines")
    fences = page.get_by_role("region", name="Fences")
    chance = fences.get_by_role("textbox", name="Chance of deals in Offered")
    chance.fill("75")
    chance.press("Enter")
    stale = fences.get_by_role("textbox", name="Deals in Offered are stale after")
    stale.fill("9")
    stale.blur()
    page.goto(f"/deals/{deal['id']}")
    expect(page.get_by_text("€1,000 · 75 % likely")).to_be_visible()
    accessible(page)
    page.goto("/deals/pipelines")
    expect(chance).to_have_value("75 %")
    expect(stale).to_have_value("9 days")
    page.set_viewport_size({"width": 390, "height": 844})
    stale.fill("")
    stale.press("Enter")
    page.reload()
    expect(stale).to_have_value("")
