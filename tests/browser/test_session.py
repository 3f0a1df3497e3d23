"""Signing in and out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import EMAIL, PASSWORD


@pytest.mark.usefixtures("signed_out")
def test_a_wrong_password_is_refused_and_the_right_one_leads_to_the_page_asked_for(
    page: Page, accessible: Callable[[Page], None]
) -> None:
    page.goto("/contacts?status=active")
    expect(page.get_by_role("heading", name="Sign in to Waypost")).to_be_visible()
    accessible(page)
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill("not the password")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_contain_text("not right")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Contacts")).to_be_visible()
    expect(page.get_by_role("tab", name="Active", exact=True)).to_have_attribute("aria-selected", "true")


@pytest.mark.usefixtures("signed_out")
def test_signing_out_ends_the_session(page: Page) -> None:
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(EMAIL)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_label("Account menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in to Waypost")).to_be_visible()
    page.goto("/contacts")
    expect(page.get_by_role("heading", name="Sign in to Waypost")).to_be_visible()
