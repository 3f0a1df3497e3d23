"""One campaign that says different things to different people, made in the designer from an empty sheet and sent.

Its first condition is made by mouse, its second by keyboard. With WRITE_IMAGES=1 the pictures of the mails in
docs/images are written anew.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Site
from tests.browser.mouse import drag

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SUBJECTS = ("Your exclusive deal inside", "Don't miss this, %FIRSTNAME|friend%", "The one thing we kept for you")
PRODUCTS = {"Software": "Backup that remembers", "Hardware": "A disk for the shelf", "": "What everybody buys"}
VIP_OFFER = "As one of our most valued customers you take 30% off everything."
STANDARD_OFFER = "Take 15% off until Sunday."
PEOPLE = (
    ("vera", "Vera", True, "Lisbon", "Software"),
    ("", "", False, "", ""),
    ("harry", "Harry", False, "Oslo", "Hardware"),
    *((f"reader{number}", f"Reader{number}", False, "", "") for number in range(7)),
)


def address_of(name: str) -> str:
    return f"{name or 'nobody'}.example3@example.com"


@pytest.fixture
def audience(site: Site) -> None:
    """Ten on a list: Vera is a VIP in Lisbon who likes software, one of them is known by address only."""
    post = site.api.post
    list_id = post("/lists", json={"name": "Example 3 readers"}).raise_for_status().json()["id"]
    tag_id = post("/tags", json={"name": "VIP three"}).raise_for_status().json()["id"]
    kinds = {"name": "Product Interest", "type": "dropdown", "options": ["Software", "Hardware"]}
    interest = post("/fields", json=kinds).raise_for_status().json()["id"]
    city = (
        post("/fields", json={"name": "Home city", "type": "text", "key": "HOME_CITY"}).raise_for_status().json()["id"]
    )
    for name, first, is_vip, town, likes in PEOPLE:
        fields = {str(key): value for key, value in ((interest, likes), (city, town)) if value}
        body = {"email": address_of(name), "first_name": first, "fields": fields}
        contact_id = post("/contacts", json=body).raise_for_status().json()["id"]
        for change in ({"action": "subscribe", "list_id": list_id}, {"action": "add_tag", "tag_id": tag_id}):
            if is_vip or change["action"] == "subscribe":
                post("/contacts/bulk", json={**change, "contact_ids": [contact_id]}).raise_for_status()


def chosen(page: Page, label: str) -> Locator:
    """The text of the block chosen on the sheet."""
    return page.locator("[data-selected]").last.get_by_role("textbox", name=label, exact=True)


def write(page: Page, kind: str, label: str, words: str) -> None:
    """Press a block in the palette by key and write it where it went."""
    page.get_by_test_id(f"new-{kind}").press("Enter")
    chosen(page, label).fill(words)


def choose(page: Page, name: str, option: str, *, within: Locator) -> None:
    within.get_by_role("combobox", name=name, exact=True).last.click()
    page.get_by_role("option", name=option, exact=True).click()


def vip_offer_by_mouse(page: Page) -> None:
    sheet = page.get_by_test_id("list-root")
    drag(page, page.get_by_test_id("new-text"), sheet.locator("[data-frame]").last, drop=(200, 40))
    chosen(page, "Text").fill(VIP_OFFER)
    page.get_by_role("toolbar", name="Formatting").get_by_role("button", name="Make conditional").click()
    form = page.get_by_role("complementary", name="Settings")
    form.get_by_role("button", name="Add condition").click()
    page.get_by_role("textbox", name="Search conditions").fill("Has tag")
    page.get_by_role("option", name="Has tag", exact=True).click()
    choose(page, "Tag", "VIP three", within=form)
    expect(page.get_by_text("Shown if Has tag VIP three")).to_be_visible()
    expect(form.get_by_text("contact matches")).to_be_visible()
    page.get_by_test_id("list-b4/0").locator("[data-frame]").click()
    page.get_by_test_id("new-button").click()
    chosen(page, "Label").fill("Take my 30%")
    page.get_by_label("Leads to").fill("https://example.com/30")
    page.get_by_role("tab", name="Otherwise").click()
    drag(page, page.get_by_test_id("new-text"), page.get_by_role("tabpanel").get_by_role("button"))
    chosen(page, "Text").fill(STANDARD_OFFER)
    drag(page, page.get_by_test_id("new-button"), page.get_by_role("tabpanel").locator("[data-frame]"), drop=(90, 30))
    chosen(page, "Label").fill("Take 15%")
    page.get_by_label("Leads to").fill("https://example.com/15")


def recommendations_by_keyboard(page: Page, accessible: Callable[[Page], None]) -> None:
    keys = page.keyboard
    page.get_by_test_id("list-root").locator("> [data-frame]").last.focus()
    keys.press("Enter")
    page.get_by_test_id("new-conditional").focus()
    keys.press("Enter")
    form = page.get_by_role("complementary", name="Settings")
    for number, value in enumerate(("Software", "Hardware")):
        variant = form.get_by_role("region", name=f"Variant {number + 1}")
        variant.get_by_role("button", name="Add condition").focus()
        keys.press("Enter")
        expect(page.get_by_role("textbox", name="Search conditions")).to_be_focused()
        keys.type("Field")
        expect(page.get_by_role("option", name="Field", exact=True)).to_be_visible()
        keys.press("ArrowDown")
        keys.press("Enter")
        variant.get_by_role("combobox", name="Field", exact=True).focus()
        keys.type("Product")
        expect(page.get_by_role("option", name="Product Interest")).to_be_visible()
        keys.press("ArrowDown")
        keys.press("Enter")
        page.keyboard.press("Escape")
        choose(page, "Value", value, within=variant)
        expect(page.get_by_text(f"Shown if Product Interest is {value}")).to_be_visible()
        panel = page.get_by_role("tabpanel").last
        panel.get_by_role("button").press("Enter")
        write(page, "text", "Text", f"Chosen for you, since you like {value.lower()}.")
        write(page, "heading", "Heading", PRODUCTS[value])
        keys.press("Escape")
        keys.press("Alt+ArrowUp")
        if number == 0:
            page.locator("[data-kind=conditional]").last.focus()
            keys.press("Enter")
            form.get_by_role("button", name="Add a variant").press("Enter")
    accessible(page)
    tabs = page.get_by_role("tablist", name="Who sees what").last.get_by_role("tab")
    tabs.nth(1).focus()
    keys.press("ArrowRight")
    expect(tabs.nth(2)).to_be_focused()
    write(page, "heading", "Heading", PRODUCTS[""])
    keys.press("Escape")
    keys.press("Control+d")
    expect(page.get_by_role("textbox", name="Heading", exact=True).filter(has_text=PRODUCTS[""])).to_have_count(2)
    keys.press("Delete")
    expect(page.get_by_role("textbox", name="Heading", exact=True).filter(has_text=PRODUCTS[""])).to_have_count(1)
    keys.press("Control+z")
    keys.press("Control+z")
    keys.press("Control+y")
    keys.press("Control+z")


def send_split(page: Page) -> None:
    page.goto("/campaigns")
    page.get_by_role("button", name="New campaign").first.click()
    page.get_by_role("dialog").get_by_text("Split test", exact=True).click()
    page.get_by_label("Name").fill("Something for everyone")
    page.get_by_role("combobox", name="Lists", exact=True).click()
    page.get_by_role("option", name="Example 3 readers").click()
    page.keyboard.press("Escape")
    expect(page.get_by_text("10 of 10 contacts can be mailed")).to_be_visible()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("combobox", name="Message", exact=True).click()
    page.get_by_role("option", name="Example 3", exact=True).click()
    page.get_by_role("button", name="Add a variant").click()
    for letter, subject in zip("ABC", SUBJECTS, strict=True):
        page.get_by_role("textbox", name=f"Subject of {letter}", exact=True).fill(subject)
        page.get_by_role("textbox", name=f"Subject of {letter}", exact=True).blur()
    page.get_by_label("Try on").fill("30")
    page.get_by_label("Try on").blur()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_text("10 contacts will get it.")).to_be_visible()
    page.get_by_role("button", name="Send now").click()
    page.get_by_role("dialog").get_by_role("button", name="Send now").click()
    page.get_by_role("button", name="Send B to the rest").click(timeout=30_000)
    expect(page.get_by_role("heading", name="Something for everyone").get_by_text("Sent", exact=True)).to_be_visible(
        timeout=30_000
    )


def received(page: Page, site: Site) -> dict[str, EmailMessage]:
    """What the mailbox got for each of them; nobody twice."""
    wanted = {address_of(person[0]) for person in PEOPLE}
    mails: list[tuple[str, int]] = []
    for _ in range(60):
        items: list[dict[str, Any]] = site.api.get("/mailbox", params={"limit": 200}).json()["items"]
        mails = [(item["rcpt_to"][0], item["id"]) for item in items if item["rcpt_to"][0] in wanted]
        if len({address for address, _ in mails}) == len(wanted):
            break
        page.wait_for_timeout(500)
    assert sorted(address for address, _ in mails) == sorted(wanted)
    parser = BytesParser(policy=policy.strict)
    return {address: parser.parsebytes(site.api.get(f"/mailbox/{number}/raw").content) for address, number in mails}


def body(mail: EmailMessage, kind: str) -> str:
    part = mail.get_body((kind,))
    assert isinstance(part, EmailMessage)
    return str(part.get_content())


def test_a_campaign_for_vips_and_everybody_else_is_made_by_mouse_and_by_keyboard_and_sent(
    page: Page, site: Site, audience: None, browser: Browser, tmp_path: Path, accessible: Callable[[Page], None]
) -> None:
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    page.get_by_role("dialog").get_by_text("Empty sheet").click()
    page.get_by_label("Name", exact=True).fill("Example 3")
    page.get_by_label("Subject line").fill("For you")
    drag(page, page.get_by_test_id("new-heading"), page.get_by_test_id("list-root"))
    chosen(page, "Heading").fill("Hi %FIRSTNAME|there%")
    write(page, "text", "Text", "News for you.%IF !empty($HOME_CITY)% Pick it up in %HOME_CITY%.%/IF%")
    vip_offer_by_mouse(page)
    recommendations_by_keyboard(page, accessible)
    # Moved below the text by its handle, and back by undoing.
    greeting = page.get_by_test_id("list-root").locator("> [data-frame]").first
    second = page.get_by_test_id("list-root").locator("> [data-frame]").nth(1)
    drag(page, handle_of(page, greeting), second, grip=(8, 8), drop=(200, 38))
    expect(second).to_contain_text("Hi ")
    page.get_by_role("button", name="Undo").click()
    expect(greeting).to_contain_text("Hi ")
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()
    send_split(page)

    mails = received(page, site)
    subjects = [str(mail["Subject"]) for mail in mails.values()]
    assert subjects.count(SUBJECTS[0]) == subjects.count(SUBJECTS[2]) == 1
    assert len([subject for subject in subjects if subject.startswith("Don't miss this, ")]) == len(PEOPLE) - 2
    for name, first, is_vip, town, likes in PEOPLE:
        for kind in ("html", "plain"):
            said = body(mails[address_of(name)], kind)
            assert f"Hi {first or 'there'}" in said
            assert (VIP_OFFER in said, STANDARD_OFFER in said) == (is_vip, not is_vip)
            assert ("Pick it up in" in said) == bool(town)
            assert f"Pick it up in {town}." in said or not town
            shown = [text for text in PRODUCTS.values() if text.lower() in said.lower()]
            assert shown == [PRODUCTS[likes]]
            assert not re.search(r"%[A-Z/]|\{[%{]", said)
    pictures(browser, {"vip": mails[address_of("vera")], "standard": mails[address_of("")]}, tmp_path)


def test_blocks_go_into_columns_and_between_them_by_mouse_and_by_keyboard(page: Page, site: Site) -> None:
    columns = {"id": "c", "type": "columns", "slots": [[], []]}
    words = {"id": "t", "type": "text", "props": {"html": "<p>Moving about</p>"}}
    document = {"version": 1, "kind": "email", "blocks": [words, columns]}
    body = {"name": "Two columns", "document": document}
    made = site.api.post("/messages", json=body).raise_for_status().json()
    page.goto(f"/messages/{made['id']}")
    left, right, sheet = (page.get_by_test_id(f"list-{name}") for name in ("c/0", "c/1", "root"))
    drag(page, page.get_by_test_id("new-heading"), right)
    expect(right.get_by_role("textbox", name="Heading")).to_be_visible()
    drag(page, handle_of(page, page.get_by_test_id("sheet-t")), left, grip=(8, 8))
    expect(left.get_by_text("Moving about")).to_be_visible()
    # Columns hold no columns: what is let go there stands beside them.
    drag(page, page.get_by_test_id("new-columns"), right)
    expect(sheet.locator("> [data-kind=columns]")).to_have_count(2)
    expect(right.locator("[data-frame]")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(sheet.locator("> [data-kind=columns]")).to_have_count(1)

    text = page.get_by_test_id("sheet-t")
    text.focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(right.locator("[data-frame]")).to_have_count(2)
    expect(text).to_be_focused()
    page.keyboard.press("Alt+ArrowUp")
    expect(right.locator("[data-frame]").first).to_contain_text("Moving about")
    page.keyboard.press("Alt+ArrowUp")
    expect(sheet.locator("> [data-frame]").first).to_contain_text("Moving about")
    expect(text).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_test_id("sheet-c")).to_be_focused()
    page.keyboard.press("Control+d")
    expect(page.locator("[data-kind=columns]")).to_have_count(2)
    page.get_by_test_id("sheet-c").focus()
    page.keyboard.press("Delete")
    expect(page.locator("[data-kind=columns]")).to_have_count(1)
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+z")
    expect(page.locator("[data-kind=columns]")).to_have_count(1)
    expect(page.get_by_test_id("sheet-c")).to_be_visible()


def handle_of(page: Page, frame: Locator) -> Locator:
    frame.hover()
    return frame.locator("[data-testid^=handle-]").first


def pictures(browser: Browser, mails: dict[str, EmailMessage], tmp_path: Path) -> None:
    """As wide as a mail and as narrow as a phone: nothing may stick out."""
    folder = IMAGES if os.environ.get("WRITE_IMAGES") else tmp_path
    for name, mail in mails.items():
        for width in (600, 375):
            context = browser.new_context(viewport={"width": width, "height": 200})
            view = context.new_page()
            view.set_content(body(mail, "html").replace('<img src="http', '<img data-src="http'))
            assert view.evaluate("document.documentElement.scrollWidth") <= width
            picture = folder / f"mail-{name}-{width}.png"
            view.screenshot(path=picture, full_page=True)
            assert picture.stat().st_size > 0
            context.close()
