"""The pages behind the links of a mail, as its reader meets them: by keyboard, in light, dark and on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site
from tests.browser.test_brief_examples import mails_to, wait_for

READER = "public.reader@example.org"
LINKS = {"read": "%WEBCOPY%", "change": "%UPDATELINK%", "forward": "%FORWARD2FRIEND%", "leave": "%UNSUBSCRIBELINK%"}


@pytest.fixture(scope="module")
def links(site: Site) -> dict[str, str]:
    """What one who is on two lists finds in a mail."""
    lists = [made(site, "/lists", {"name": f"Public {name}"}) for name in ("news", "offers")]
    contact = made(site, "/contacts", {"email": READER, "first_name": "Rita"})
    for list_id in lists:
        body = {"action": "subscribe", "list_id": list_id, "contact_ids": [contact]}
        site.api.post("/contacts/bulk", json=body).raise_for_status()
    buttons = [{"id": name, "type": "button", "props": {"label": name, "href": href}} for name, href in LINKS.items()]
    document = {"version": 1, "kind": "email", "settings": {}, "blocks": buttons}
    body = {"name": "Public pages", "subject": "Public pages", "document": document}
    message = made(site, "/messages", {**body, "from_name": "Ada", "from_email": "ada@example.org"})
    audience = {"list_ids": lists}
    campaign = made(site, "/campaigns", {"name": "Public pages", "message_id": message, "audience": audience})
    site.api.post(f"/campaigns/{campaign}/schedule", json={}).raise_for_status()
    wait_for("the mail", lambda: "Public pages" in mails_to(site, READER))
    html = site.api.get(f"/mailbox/{mails_to(site, READER)['Public pages']}").json()["html"]
    found = re.findall(r'href="([^"]+)"[^>]*>(?:\s|<[^>]+>)*(read|change|forward|leave)\b', html)
    assert len(found) == len(LINKS), html
    return {name: site.url + httpx.URL(href.replace("&amp;", "&")).raw_path.decode() for href, name in found}


def made(site: Site, path: str, body: dict[str, Any]) -> int:
    return int(site.api.post(path, json=body).raise_for_status().json()["id"])


@pytest.mark.parametrize("name", LINKS)
def test_each_is_readable_by_everyone(
    page: Page, links: dict[str, str], name: str, accessible: Callable[[Page], None]
) -> None:
    if name == "read":
        # It is served with scripts forbidden, and axe is one.
        page.set_content(httpx.get(links[name]).raise_for_status().text)
    else:
        page.goto(links[name])
    expect(page.get_by_role("heading").or_(page.get_by_role("link")).first).to_be_visible()
    accessible(page)
    page.emulate_media(color_scheme="dark")
    accessible(page)
    page.set_viewport_size({"width": 390, "height": 844})
    accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_an_address_that_leads_nowhere_says_so(
    page: Page, links: dict[str, str], accessible: Callable[[Page], None]
) -> None:
    for name in ("change", "forward", "leave"):
        page.goto(links[name][:-4] + "AAAA")
        expect(page.get_by_role("heading", name="This address leads nowhere")).to_be_visible()
    accessible(page)


def test_details_are_changed_by_keyboard(page: Page, site: Site, links: dict[str, str]) -> None:
    page.goto(links["change"])
    first = page.get_by_role("textbox", name="First name")
    for _ in range(10):
        page.keyboard.press("Tab")
        if first.evaluate("field => field === document.activeElement"):
            break
    page.keyboard.press("Control+A")
    page.keyboard.type("Margarita")
    news = page.get_by_role("checkbox", name="Public news")
    expect(news).to_be_checked()
    news.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    reader = site.api.get("/contacts", params={"search": READER}).json()["items"][0]
    assert reader["first_name"] == "Margarita"
    statuses = {one["name"]: one["status"] for one in site.api.get(f"/contacts/{reader['id']}").json()["lists"]}
    assert statuses == {"Public news": "unsubscribed", "Public offers": "active"}


def test_a_copy_goes_to_a_friend_by_keyboard(page: Page, site: Site, links: dict[str, str]) -> None:
    page.goto(links["forward"])
    page.get_by_label("Your friend’s e-mail address").focus()
    page.keyboard.type("public.friend@example.net")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("It is on its way")
    wait_for("the copy", lambda: "Public pages" in mails_to(site, "public.friend@example.net"))


def test_leaving_takes_a_tab_and_a_key(page: Page, site: Site, links: dict[str, str]) -> None:
    page.goto(links["leave"])
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="Unsubscribe")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text("You are unsubscribed")
    reader = site.api.get("/contacts", params={"search": READER}).json()["items"][0]
    assert {one["status"] for one in site.api.get(f"/contacts/{reader['id']}").json()["lists"]} == {"unsubscribed"}
