"""A sender is added, its domain set up, a mail server tried, and a limit laid down, all in the browser."""

from __future__ import annotations

from playwright.sync_api import Page, expect


def test_a_sender_a_domain_and_a_server_are_set_up(page: Page) -> None:
    page.goto("/senders")
    page.get_by_role("button", name="Add sender").first.click()
    page.get_by_label("Name").fill("Ada from Northwind")
    page.get_by_label("E-mail address").fill("not an address")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Please enter an e-mail address")).to_be_visible()
    page.get_by_label("E-mail address").fill("ada@senders.example")
    page.get_by_role("button", name="Save").click()
    row = page.get_by_role("row", name="Ada from Northwind")
    expect(row).to_contain_text("ada@senders.example")

    row.get_by_role("link", name="Set up senders.example").click()
    page.get_by_role("dialog").get_by_role("button", name="Add domain").click()
    card = page.get_by_role("region", name="senders.example")
    expect(card).to_contain_text("waypost._domainkey.senders.example")
    expect(card).to_contain_text("v=DKIM1; k=rsa; p=")
    card.get_by_role("button", name="Copy the value").first.click()
    expect(card.get_by_role("button", name="Copy the value").first).to_contain_text("Copied")

    page.get_by_role("tab", name="Mail servers").click()
    page.get_by_role("button", name="Add mail server").first.click()
    page.get_by_role("textbox", name="Name", exact=True).fill("Nobody there")
    page.get_by_label("Host").fill("127.0.0.1")
    page.get_by_label("Port").fill("1")
    page.get_by_label("Only for mail from").fill("senders.example")
    page.get_by_role("switch", name="In use").click(force=True)
    page.get_by_role("button", name="Save").click()
    server = page.get_by_role("row", name="Nobody there")
    expect(server).to_contain_text("Off")
    server.get_by_role("button", name="More about Nobody there").click()
    page.get_by_role("menuitem", name="Send a test").click()
    page.get_by_role("textbox", name="To", exact=True).fill("me@example.com")
    page.get_by_role("dialog").get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("dialog").get_by_role("alert")).to_contain_text("did not take the message")


def test_a_limit_is_laid_down_and_taken_away(page: Page) -> None:
    page.goto("/senders?tab=limits")
    page.get_by_role("button", name="Add limit").first.click()
    page.get_by_role("combobox", name="For").click()
    page.get_by_role("option", name="A recipient domain").click()
    page.get_by_role("textbox", name="Domain", exact=True).fill("gmail.com")
    page.get_by_label("An hour").fill("2000")
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    limits = page.get_by_role("region", name="Limits")
    expect(limits).to_contain_text("2,000 an hour")
    page.get_by_label("From").fill("22:00")
    page.get_by_role("region", name="When and how often").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Please fill in both")).to_be_visible()
    limits.get_by_role("button", name="More about gmail.com").click()
    page.get_by_role("menuitem", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    expect(limits).to_contain_text("No limits yet")
