"""The import wizard, from a messy file to contacts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import Site

MESSY = """E-Mail;Vorname;Nachname;Tags;Glove size
hopper@example.com;Grace;Hopper;"Navy, VIP";38
HOPPER@example.com ;Grace;Hopper;VIP;38
not-an-address;No;Body;;40
;Empty;Row;;41
hamilton@example.com;Margaret;Hamilton;VIP;39
"""


def test_a_messy_file_is_mapped_checked_and_imported(
    page: Page, site: Site, tmp_path: Path, accessible: Callable[[Page], None]
) -> None:
    file = tmp_path / "people.csv"
    file.write_bytes(MESSY.encode("cp1252"))
    page.goto("/imports/new")
    accessible(page)
    page.get_by_label("Choose a CSV file").set_input_files(file)

    expect(page.get_by_role("heading", name="What is in the columns?")).to_be_visible()
    expect(page.get_by_role("combobox", name="Where column E-Mail goes")).to_have_value("E-mail")
    expect(page.get_by_role("combobox", name="Where column Vorname goes")).to_have_value("First name")
    accessible(page)
    page.get_by_role("combobox", name="Where column Glove size goes").click()
    page.get_by_role("option", name="New number field").click()
    page.get_by_role("button", name="Check the file").click()

    expect(page.get_by_role("heading", name="This is what would happen")).to_be_visible(timeout=20_000)
    accessible(page)
    assert site.api.get("/contacts", params={"search": "hopper@"}).json()["total"] == 0
    page.get_by_role("button", name="Import 2 rows").click()

    expect(page.get_by_role("heading", name="5 rows are done")).to_be_visible(timeout=20_000)
    accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download the 3 rows").click()
    reasons = download.value.path().read_text("utf-8-sig")
    assert "not-an-address" in reasons
    assert "Line 3 has the same address" in reasons
    found = site.api.get("/contacts", params={"search": "hopper@"}).json()["items"]
    assert [(person["first_name"], person["email"]) for person in found] == [("Grace", "hopper@example.com")]
    assert "VIP" in [tag["name"] for tag in found[0]["tags"]]
    page.get_by_role("link", name="Imports", exact=True).click()
    expect(page.get_by_role("row").filter(has_text="people.csv")).to_contain_text("Done")


def test_a_web_page_called_csv_is_refused_with_a_reason(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "page.csv"
    file.write_text("<!doctype html><html><body><h1>Not found</h1></body></html>")
    page.goto("/imports/new")
    page.get_by_label("Choose a CSV file").set_input_files(file)
    expect(page.get_by_role("alert")).to_contain_text("page.csv was not accepted")


def test_an_import_with_a_rule_is_undone_again(
    page: Page, site: Site, tmp_path: Path, accessible: Callable[[Page], None]
) -> None:
    site.api.post("/contacts", json={"email": "known@example.com", "first_name": "Known"})
    file = tmp_path / "cards.vcf"
    cards = [("known@example.com", "Other"), ("fresh@example.com", "Fresh")]
    file.write_text("".join(f"BEGIN:VCARD\nVERSION:4.0\nFN:{name} One\nEMAIL:{to}\nEND:VCARD\n" for to, name in cards))
    page.goto("/imports/new")
    page.get_by_label("Choose a CSV file").set_input_files(file)
    expect(page.get_by_text("Address cards (vCard)")).to_be_visible()
    page.get_by_role("radio", name="Fill gaps only").check()
    accessible(page)
    page.get_by_role("button", name="Check the file").click()
    page.get_by_role("button", name="Import 2 rows").click(timeout=20_000)
    page.get_by_role("button", name="Undo this import").click(timeout=20_000)
    expect(page.get_by_role("dialog")).to_contain_text("1 new contacts are removed and 1 updated")
    accessible(page)
    page.get_by_role("dialog").get_by_role("button", name="Undo").click()
    expect(page.get_by_role("heading", name="The import was undone")).to_be_visible(timeout=20_000)
    accessible(page)
    assert site.api.get("/contacts", params={"search": "fresh@"}).json()["total"] == 0
    known = site.api.get("/contacts", params={"search": "known@"}).json()["items"]
    assert [(one["first_name"], one["last_name"]) for one in known] == [("Known", "")]
