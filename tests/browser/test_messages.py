"""Designing a message by hand: writing on the sheet, blocks, settings, the real preview, a test mail."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Site
from tests.browser.mouse import drag

SHEET = {
    "version": 1,
    "kind": "email",
    "settings": {},
    "blocks": [
        {"id": "h", "type": "heading", "props": {"text": "Good morning", "level": 1}},
        {"id": "t", "type": "text", "props": {"html": "<p>First things first.</p>"}},
        {"id": "b", "type": "button", "props": {"label": "Read on", "href": "https://example.com/"}},
        {"id": "c", "type": "columns", "slots": [[], []]},
    ],
}


@pytest.fixture
def message(site: Site) -> dict[str, Any]:
    answer = site.api.post("/messages", json={"name": "On the sheet", "subject": "S", "document": SHEET})
    return answer.raise_for_status().json()


def saved(page: Page, site: Site, message: dict[str, Any]) -> dict[str, Any]:
    """The blocks' settings as the server has them, once it has them all."""
    page.wait_for_timeout(300)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    blocks = site.api.get(f"/messages/{message['id']}").json()["document"]["blocks"]
    return {block["id"]: block.get("props", {}) for block in blocks}


def test_a_message_is_designed_previewed_as_a_contact_and_sent_as_a_test(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    site.api.post("/contacts", json={"email": "gracie.gate@example.com", "first_name": "Gracie"}).raise_for_status()
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    page.get_by_role("dialog").get_by_text("Empty sheet").click()
    expect(page.get_by_text("Nothing here yet. Add a block.")).to_be_visible()

    page.get_by_label("Subject line").fill("For %FIRSTNAME%")
    page.get_by_test_id("new-heading").click()
    page.get_by_role("textbox", name="Heading", exact=True).fill("Hello %FIRSTNAME|there%")
    drag(page, page.get_by_test_id("new-button"), page.get_by_test_id("drop-root-0"))
    expect(page.locator("[data-testid^=block-]")).to_have_count(2)
    page.get_by_role("textbox", name="Label").fill("Open the gate")
    page.get_by_label("Leads to").fill("https://example.com/gate")
    accessible(page)

    page.get_by_title("Desktop", exact=True).click()
    sheet = page.frame_locator("iframe[title='Preview of the message']")
    expect(sheet.get_by_text("Open the gate")).to_be_visible()
    expect(sheet.get_by_text("Hello Ada")).to_be_visible()
    page.get_by_placeholder("Preview as a contact").fill("gracie")
    page.get_by_role("option", name="gracie.gate@example.com").click()
    expect(sheet.get_by_text("Hello Gracie")).to_be_visible()
    expect(page.get_by_text("For Gracie")).to_be_visible()
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    accessible(page)

    page.get_by_role("button", name="Send test").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("The test is on its way.")).to_be_visible()
    page.goto("/mailbox")
    page.get_by_text("For Gracie").first.click(timeout=15_000)
    expect(page.frame_locator("iframe").get_by_text("Hello Gracie")).to_be_visible()


def test_text_is_written_on_the_sheet_and_undone_across_blocks(page: Page, site: Site, message: dict[str, Any]) -> None:
    page.goto(f"/messages/{message['id']}")
    text = page.get_by_role("textbox", name="Text", exact=True)
    text.click()
    page.keyboard.press("End")
    page.keyboard.type(" Then a")
    page.wait_for_timeout(1_200)  # Long enough to be saved meanwhile: the cursor must stay.
    page.keyboard.press("Control+b")
    page.keyboard.type(" bold")
    page.keyboard.press("Control+b")
    page.keyboard.type(" word for ")
    page.get_by_role("toolbar", name="Formatting").get_by_role("button", name="Insert a field").click()
    page.get_by_role("menuitem", name="First name", exact=True).click()
    expect(text).to_have_text("First things first. Then a bold word for %FIRSTNAME%")
    expect(text.locator("strong")).to_have_text(" bold")
    expect(text.locator("[data-tag]")).to_have_text("%FIRSTNAME%")

    heading = page.get_by_role("textbox", name="Heading", exact=True)
    heading.click()
    page.keyboard.press("End")
    page.keyboard.press("Enter")
    page.keyboard.type(", all")
    expect(heading).to_have_text("Good morning, all")
    page.keyboard.press("Control+z")
    expect(heading).to_have_text("Good morning")
    page.keyboard.press("Control+z")
    expect(text).not_to_contain_text("%FIRSTNAME%")
    page.keyboard.press("Control+Shift+z")
    page.keyboard.press("Control+Shift+z")
    expect(heading).to_have_text("Good morning, all")
    props = saved(page, site, message)
    assert props["h"]["text"] == "Good morning, all"
    assert props["t"]["html"] == "<p>First things first. Then a<strong> bold</strong> word for %FIRSTNAME%</p>"


def test_what_is_pasted_keeps_only_what_mail_can_show(page: Page, site: Site, message: dict[str, Any]) -> None:
    paste = """([element, html, text]) => {
        const data = new DataTransfer();
        data.setData('text/html', html);
        data.setData('text/plain', text);
        element.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
    }"""
    page.goto(f"/messages/{message['id']}")
    html = "<h1>Big</h1><p>two <b>bold</b><img src='https://x.example/p.png'><script>y()</script></p>"
    for name in ("Heading", "Text"):
        box = page.get_by_role("textbox", name=name, exact=True)
        box.click()
        page.keyboard.press("Control+a")
        page.evaluate(paste, [box.element_handle(), html, "Big\n\ntwo bold"])
    props = saved(page, site, message)
    assert props["h"]["text"] == "Big two bold"
    assert props["t"]["html"] == "<p>Big</p><p>two <strong>bold</strong></p>"


def test_blocks_are_moved_and_removed_with_the_keyboard(page: Page, site: Site, message: dict[str, Any]) -> None:
    page.goto(f"/messages/{message['id']}")
    page.get_by_role("textbox", name="Label").click()
    page.keyboard.press("Alt+ArrowUp")
    page.get_by_test_id("sheet-c").focus()
    page.keyboard.press("Delete")
    assert list(saved(page, site, message)) == ["h", "b", "t"]
    page.keyboard.press("Control+z")
    expect(page.get_by_test_id("sheet-c")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_designer_is_for_everyone(
    browser: Browser,
    browser_context_args: dict[str, Any],
    message: dict[str, Any],
    accessible: Callable[[Page], None],
    scheme: str,
    width: int,
) -> None:
    options: Any = {**browser_context_args, "viewport": {"width": width, "height": 844}, "color_scheme": scheme}
    context = browser.new_context(**options)
    page = context.new_page()
    page.goto(f"/messages/{message['id']}")
    expect(page.locator("html")).to_have_attribute("data-mantine-color-scheme", scheme)
    text = page.get_by_role("textbox", name="Text", exact=True)
    text.click()
    page.keyboard.press("End")
    page.keyboard.type(" Small edit.")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    accessible(page)
    if width == 390:
        page.get_by_role("button", name="Settings", exact=True).click()
        expect(page.get_by_label("Text size")).to_be_visible()
        accessible(page)
        page.get_by_role("button", name="Back to the message").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for view in ("Phone", "Dark"):
        page.get_by_title(view, exact=True).click()
        expect(page.frame_locator("iframe").get_by_text("Small edit.")).to_be_visible()
        accessible(page)
    context.close()
