"""Companies, and what a profile shows beside facts: companies, notes, files and the owner; by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Site


def made(site: Site, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = site.api.post(path, json=body)
    answer.raise_for_status()
    return answer.json()


@pytest.fixture(scope="module")
def grace(site: Site) -> int:
    body = {"email": "grace@navy.example", "first_name": "Grace", "last_name": "Hopper"}
    return made(site, "/contacts", body)["id"]


def test_a_company_is_added_and_its_domain_brings_its_contacts(
    page: Page, grace: int, accessible: Callable[[Page], None]
) -> None:
    page.goto("/companies")
    page.get_by_role("button", name="Add company").first.click()
    page.get_by_role("textbox", name="Name", exact=True).fill("The Navy")
    page.get_by_role("textbox", name="Website", exact=True).fill("https://www.navy.example/ships")
    accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("heading", name="The Navy", level=1)).to_be_visible()
    expect(page.get_by_role("button", name="E-mail domain: navy.example. Edit")).to_be_visible()
    link = page.get_by_role("list", name="Contacts").get_by_role("link", name="Grace Hopper")
    for _ in range(20):
        if link.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(link).to_be_visible()
    page.get_by_role("button", name="Job title of Grace Hopper: empty. Edit").click()
    page.keyboard.type("Rear admiral")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Job title of Grace Hopper: Rear admiral. Edit")).to_be_visible()
    accessible(page)
    page.goto(f"/contacts/{grace}")
    expect(page.get_by_role("button", name="Job title at The Navy: Rear admiral. Edit")).to_be_visible()
    expect(page.get_by_role("list").get_by_text("Contact joins a company: The Navy")).to_be_visible()


def test_a_new_company_is_made_on_the_profile_and_becomes_the_primary_one(page: Page, site: Site) -> None:
    ada = made(site, "/contacts", {"email": "ada@work.example", "first_name": "Ada"})["id"]
    first = made(site, "/companies", {"name": "First Works"})
    site.api.post(f"/companies/{first['id']}/members", json={"contact_ids": [ada]}).raise_for_status()
    page.goto(f"/contacts/{ada}")
    page.get_by_role("button", name="Add to a company").click()
    page.get_by_role("combobox", name="Company").fill("Second Works")
    page.get_by_role("option", name="Make “Second Works”").click()
    page.get_by_role("textbox", name="Job title").fill("Analyst")
    page.get_by_role("dialog").get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("button", name="Job title at Second Works: Analyst. Edit")).to_be_visible()
    page.get_by_role("button", name="Actions for Second Works").click()
    page.get_by_role("menuitem", name="Make it the primary company").click()
    expect(page.get_by_role("link", name="Works").first).to_have_text("Second Works")
    page.get_by_role("button", name="Actions for First Works").click()
    page.get_by_role("menuitem", name="Remove from the company").click()
    expect(page.get_by_role("link", name="First Works")).to_have_count(0)


def test_notes_are_written_changed_and_deleted_with_a_way_back(
    page: Page, grace: int, accessible: Callable[[Page], None]
) -> None:
    page.goto(f"/contacts/{grace}?tab=notes")
    page.get_by_role("textbox", name="New note").fill("Called <b>her</b> today")
    page.keyboard.press("Control+Enter")
    note = page.get_by_role("listitem").filter(has_text="Called <b>her</b> today")
    expect(note).to_be_visible()
    expect(page.get_by_role("textbox", name="New note")).to_have_value("")
    accessible(page)
    note.get_by_role("button", name="Note actions").click()
    page.get_by_role("menuitem", name="Edit note").click()
    page.get_by_role("textbox", name="Edit note").fill("She called back")
    page.get_by_role("button", name="Save", exact=True).click()
    changed = page.get_by_role("listitem").filter(has_text="She called back")
    expect(changed.get_by_text("edited")).to_be_visible()
    changed.get_by_role("button", name="Note actions").click()
    page.get_by_role("menuitem", name="Delete note").click()
    expect(changed).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(changed).to_be_visible()
    page.get_by_role("tab", name="Timeline").click()
    expect(page.get_by_text("Note is added: She called back")).to_be_visible()


def test_files_are_uploaded_downloaded_and_deleted_with_a_way_back(
    page: Page, grace: int, tmp_path: Path, accessible: Callable[[Page], None]
) -> None:
    (tmp_path / "offer.html").write_text("<script>document.title = 'taken over'</script>")
    (tmp_path / "empty.txt").write_text("")
    page.goto(f"/contacts/{grace}?tab=files")
    page.get_by_label("Choose files").set_input_files([tmp_path / "offer.html", tmp_path / "empty.txt"])
    row = page.get_by_role("listitem").filter(has_text="offer.html")
    expect(row.get_by_role("link", name="Download offer.html")).to_be_visible()
    expect(page.get_by_role("alert")).to_have_text("The file empty.txt is empty.")
    accessible(page)
    page.get_by_role("button", name="Dismiss empty.txt").click()
    with page.expect_download() as download:
        row.get_by_role("link", name="Download offer.html").click()
    assert download.value.suggested_filename == "offer.html"
    assert Path(download.value.path()).read_text() == (tmp_path / "offer.html").read_text()
    row.get_by_role("button", name="Delete offer.html").click()
    expect(row).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(row).to_be_visible()


def test_the_owner_is_chosen_on_the_profile(page: Page, grace: int) -> None:
    page.goto(f"/contacts/{grace}")
    page.get_by_role("combobox", name="Owner").click()
    page.get_by_role("option").first.click()
    expect(page.get_by_text("Owner changes")).to_be_visible()
    page.reload()
    expect(page.get_by_role("combobox", name="Owner")).not_to_have_value("")


def test_fields_and_linking_of_companies_are_set_up(page: Page, site: Site, accessible: Callable[[Page], None]) -> None:
    company = made(site, "/companies", {"name": "Fielded"})
    page.goto("/companies")
    page.get_by_role("button", name="Company settings").click()
    page.get_by_role("menuitem", name="Company fields").click()
    page.get_by_role("textbox", name="New field").fill("Employees")
    page.get_by_role("button", name="Add field").click()
    expect(page.get_by_role("button", name="Delete field Employees")).to_be_visible()
    accessible(page)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Company settings").click()
    page.get_by_role("menuitem", name="Linking by e-mail domain").click()
    page.get_by_role("combobox", name="Domains left out").fill("partner.example")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_text("partner.example", exact=True).wait_for()
    expect(page.get_by_role("menu")).to_be_hidden()
    accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Save").click()
    expect(page.get_by_text("Saved")).to_be_visible()
    assert site.api.get("/company-settings").json()["excluded_domains"] == ["partner.example"]
    page.goto(f"/companies/{company['id']}")
    page.get_by_role("button", name="Employees: empty. Edit").click()
    page.keyboard.type("40")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Employees: 40. Edit")).to_be_visible()
    page.get_by_role("button", name="Company actions").click()
    page.get_by_role("menuitem", name="Delete company").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete company").click()
    expect(page.get_by_role("heading", name="Companies", level=1)).to_be_visible()
    expect(page.get_by_text("Fielded", exact=True)).to_have_count(0)
