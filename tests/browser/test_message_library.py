"""What is kept beside messages, by hand: a template with its look, a snippet in two messages, versions, the brand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def begin(page: Page, template: str) -> None:
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    page.get_by_role("dialog").get_by_text(template, exact=True).click()
    expect(page.get_by_test_id("list-root")).to_be_visible()


def save_block(page: Page, name: str, button: str, *, as_snippet: bool = False) -> None:
    """Keep the section on the sheet under a name."""
    page.locator("[data-kind=section]").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save this block").click()
    page.get_by_role("combobox", name="Name", exact=True).fill(name)
    if as_snippet:
        page.get_by_role("switch", name="The same everywhere").check(force=True)
    page.get_by_role("button", name=button, exact=True).click()


def test_a_snippet_changes_in_both_messages_and_an_older_version_comes_back(
    page: Page, accessible: Callable[[Page], None]
) -> None:
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator("iframe").first).to_be_visible()
    expect(dialog.frame_locator("iframe").first.get_by_text("Welcome, Ada")).to_be_visible()
    accessible(page)
    dialog.get_by_text("Case study", exact=True).click()
    page.get_by_label("Name", exact=True).fill("Holds a snippet")

    # Kept as a snippet, the figures become one here too.
    save_block(page, "Our figures", "Save", as_snippet=True)
    snippet = page.locator("[data-kind=snippet]")
    expect(snippet.get_by_text("11 weeks")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True).first).to_be_visible()
    page.keyboard.press("Control+s")
    expect(page.get_by_text("This version is kept.")).to_be_visible()
    first = page.url

    begin(page, "Empty sheet")
    page.get_by_role("region", name="Saved rows").get_by_role("button", name="Our figures").first.click()
    expect(snippet.get_by_text("11 weeks")).to_be_visible()
    snippet.click()
    page.get_by_role("button", name="Turn into ordinary blocks").click()
    page.get_by_role("textbox", name="Heading", exact=True).filter(has_text="11 weeks").fill("12 weeks")
    save_block(page, "our figures", "Replace")
    expect(snippet.get_by_text("12 weeks")).to_be_visible()
    page.goto(first)
    expect(snippet.get_by_text("12 weeks")).to_be_visible()

    page.get_by_role("button", name="Versions").click()
    drawer = page.get_by_role("dialog", name="Versions")
    drawer.get_by_role("button", expanded=False).filter(has_text="Kept").click()
    expect(drawer.frame_locator("iframe").get_by_text("11 weeks")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    snippet.click()
    page.get_by_role("button", name="Delete block").click()
    expect(snippet).to_have_count(0)
    page.get_by_role("button", name="Versions").click()
    drawer.get_by_role("button", expanded=False).filter(has_text="Kept").click()
    drawer.get_by_role("button", name="Bring back").click()
    expect(page.get_by_text("The older version is back")).to_be_visible()
    # A snippet is what it is now, also in what comes back.
    expect(snippet.get_by_text("12 weeks")).to_be_visible()
    page.reload()
    expect(snippet.get_by_text("12 weeks")).to_be_visible()


@pytest.fixture
def own_brand(site: Site) -> Iterator[None]:
    """The others go on without one."""
    before = site.api.get("/brand").json()
    yield
    site.api.put("/brand", json=before).raise_for_status()


@pytest.mark.usefixtures("own_brand")
def test_the_brand_dresses_what_is_begun_after_it(page: Page, accessible: Callable[[Page], None]) -> None:
    page.goto("/messages")
    page.get_by_role("link", name="Brand kit").click()
    page.get_by_label("Buttons", exact=True).fill("#0a7a3d")
    page.get_by_label("Footer", exact=True).fill("Acme & Co\n1 Main Street")
    page.get_by_role("combobox", name="Font").click()
    page.get_by_role("option", name="Georgia").click()
    accessible(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("The brand kit is saved.")).to_be_visible()
    begin(page, "Offer")
    expect(page.get_by_text("Acme & Co")).to_be_visible()
    expect(page.locator("[data-kind=button] [class*=button]").first).to_have_css("background-color", "rgb(10, 122, 61)")


def test_words_kept_under_a_tag_stand_in_messages_and_messages_become_templates(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    page.goto("/messages/variables")
    page.get_by_role("button", name="New variable").first.click()
    form = page.get_by_role("dialog", name="New variable")
    form.get_by_label("Name").fill("Autumn hours")
    form.get_by_label("Content").fill("Open till six, %FIRSTNAME|you%")
    accessible(page)
    form.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="Autumn hours")
    expect(row.get_by_text("%AUTUMN_HOURS%")).to_be_visible()
    row.get_by_role("button", name="More for Autumn hours").click()
    page.get_by_role("menuitem", name="Lock", exact=True).click()
    expect(row.get_by_text("Locked")).to_be_visible()

    blocks = [{"id": "a", "type": "text", "props": {"html": "<p>%AUTUMN_HOURS%</p>"}}]
    document = {"version": 1, "kind": "email", "settings": {}, "blocks": blocks}
    body = {"name": "Autumn letter", "subject": "Autumn", "document": document}
    site.api.post("/messages", json=body).raise_for_status()
    page.goto("/messages")
    page.get_by_role("button", name="More for Autumn letter").click()
    page.get_by_role("menuitem", name="Save as template").click()
    expect(page.get_by_text("“Autumn letter” is a template now.")).to_be_visible()
    page.get_by_role("button", name="New message").first.click()
    choices = page.get_by_role("dialog", name="Begin with")
    choices.get_by_role("button", name="Autumn letter Autumn").click()
    page.get_by_title("Desktop", exact=True).click()
    expect(page.frame_locator('iframe[title="Preview of the message"]').get_by_text("Open till six")).to_be_visible()
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    choices.get_by_role("button", name="Delete the template Autumn letter").click()
    page.get_by_role("dialog", name="Delete this template?").get_by_role("button", name="Delete").click()
    expect(choices.get_by_role("button", name="Autumn letter Autumn")).to_have_count(0)
