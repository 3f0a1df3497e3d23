"""Designing a message by hand: blocks, settings, the real preview, a test mail."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_automations import drag


def test_a_message_is_designed_previewed_as_a_contact_and_sent_as_a_test(
    page: Page, site: Site, accessible: Callable[[Page], None]
) -> None:
    site.api.post("/contacts", json={"email": "gracie.gate@example.com", "first_name": "Gracie"}).raise_for_status()
    page.goto("/messages")
    page.get_by_role("button", name="New message").first.click()
    page.get_by_role("dialog").get_by_text("Empty sheet").click()
    expect(page.get_by_text("Nothing here yet. Add a block.")).to_be_visible()

    page.get_by_label("Subject").fill("For %FIRSTNAME%")
    page.get_by_test_id("new-heading").click()
    page.get_by_label("Text", exact=True).fill("Hello %FIRSTNAME|there%")
    drag(page, page.get_by_test_id("new-button"), page.get_by_test_id("drop-root-0"))
    expect(page.locator("[data-testid^=block-]")).to_have_count(2)
    page.get_by_label("Label").fill("Open the gate")
    sheet = page.frame_locator("iframe[title='Preview of the message']")
    expect(sheet.get_by_text("Open the gate")).to_be_visible()
    expect(sheet.get_by_text("Hello Ada")).to_be_visible()

    page.get_by_placeholder("Preview as a contact").fill("gracie")
    page.get_by_role("option", name="gracie.gate@example.com").click()
    expect(sheet.get_by_text("Hello Gracie")).to_be_visible()
    expect(page.get_by_text("For Gracie")).to_be_visible()
    expect(page.get_by_text("Saved")).to_be_visible()
    accessible(page)

    page.get_by_role("button", name="Send test").click()
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("The test is on its way.")).to_be_visible()
    page.goto("/mailbox")
    page.get_by_text("For Gracie").first.click(timeout=15_000)
    expect(page.frame_locator("iframe").get_by_text("Hello Gracie")).to_be_visible()
