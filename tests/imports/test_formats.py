"""Spreadsheets and address cards, good ones and bad ones, through the public API."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter

from tests.imports.test_routes import bring_in, errors_of, upload
from tests.imports.test_undo import contact_of
from tests.make import Client
from waypost.kernel.db import Database

SHARED = Path(__file__).parents[3] / "shared" / "data"
CARDS = """BEGIN:VCARD\r
VERSION:3.0\r
N:Lovelace;Ada;;;\r
FN:Ada Lovelace\r
item1.EMAIL;TYPE=INTERNET:old@example.com\r
EMAIL;TYPE=INTERNET,PREF:Ada@Example.com\r
TEL;TYPE=CELL:+44 20 7946 0000\r
ADR;TYPE=HOME:;;12 St James's Square;London;;SW1;United Kingdom\r
BDAY:1815-12-10\r
NOTE:First line\\nsecond\\, with a com\r
 ma\r
CATEGORIES:VIP,Trial\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:4.0\r
FN:Grace Brewster Hopper\r
EMAIL;PREF=2:second@example.com\r
EMAIL;PREF=1:grace@example.com\r
TEL;VALUE=uri;TYPE="voice:x,home":tel:+1-555-0100\r
ORG:Navy;Computing\r
BDAY:--1209\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:2.1\r
N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:M=C3=BCller;J=C3=BC=\r
rgen\r
EMAIL:juergen@example.com\r
END:VCARD\r
BEGIN:VCARD\r
VERSION:3.0\r
FN:Nobody\r
END:VCARD\r
"""


def workbook(rows: list[list[object]], *, hidden: bool = True) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"default_date_format": "yyyy-mm-dd"}) as book:
        if hidden:
            first = book.add_worksheet("Secret")
            first.write_row(0, 0, ["email"])
        sheet = book.add_worksheet("People")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if hidden:
            sheet.activate()
            sheet.set_first_sheet()
            first.hide()
    return out.getvalue()


async def test_a_workbook_is_read_from_its_first_visible_sheet(client: Client, db: Database) -> None:
    content = workbook(
        [
            ["E-Mail", "First name", "Birthday", "Orders", "Spent", "Consent", "Phone"],
            ["ada@example.com", "Ada", date(1985, 12, 10), 12, 99.5, True, 441234567890],
            [],
            ["grace@example.com", 'Grace, "Amazing"\nHopper', date(1906, 12, 9), 3, 1000, False, "+1 555"],
            ["no address", "Linus", None, None, None, None, None],
        ]
    )  # fmt: skip
    done = await bring_in(client, db, content)
    assert (done["format"], done["state"]) == ("xlsx", "completed"), done["error"]
    assert (done["progress"]["created"], done["progress"]["failed"]) == (2, 1)
    ada, grace = await contact_of(client, "ada@example.com"), await contact_of(client, "grace@example.com")
    names = {field["name"]: str(field["id"]) for field in (await client.get("/api/v1/fields")).json()["items"]}
    assert {name: ada["fields"][names[name]] for name in names} == {
        "Birthday": "1985-12-10", "Orders": 12, "Spent": 99.5, "Consent": "Yes",
    }  # fmt: skip
    assert (ada["phone"], grace["first_name"]) == ("441234567890", 'Grace, "Amazing"\nHopper')
    assert [row["reason"] for row in await errors_of(client, done["id"])] == ["invalid_email"]


async def test_address_cards_of_three_versions(client: Client, db: Database) -> None:
    done = await bring_in(client, db, CARDS.encode())
    assert (done["format"], done["state"]) == ("vcard", "completed"), done["error"]
    assert (done["progress"]["created"], done["progress"]["skipped"]) == (3, 1)
    ada, grace = await contact_of(client, "ada@example.com"), await contact_of(client, "grace@example.com")
    names = {field["name"]: str(field["id"]) for field in (await client.get("/api/v1/fields")).json()["items"]}
    assert (ada["first_name"], ada["last_name"], ada["phone"]) == ("Ada", "Lovelace", "+44 20 7946 0000")
    assert (ada["city"], ada["fields"][names["birthday"]]) == ("London", "1815-12-10")
    assert ada["fields"][names["note"]] == "First line\nsecond, with a comma"
    assert {tag["name"] for tag in ada["tags"]} == {"VIP", "Trial"}
    assert (grace["first_name"], grace["last_name"], grace["phone"]) == ("Grace Brewster", "Hopper", "+1-555-0100")
    (company,) = (await client.get(f"/api/v1/contacts/{grace['id']}/companies")).json()["items"]
    assert (company["name"], names["birthday"] in grace["fields"]) == ("Navy", False)
    assert (await contact_of(client, "juergen@example.com"))["last_name"] == "Müller"


def bomb() -> bytes:
    """A workbook of a megabyte that unpacks to a gigabyte."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(320):
                part.write(b"0" * 1_000_000)
    return out.getvalue()


def scrambled() -> bytes:
    content = workbook([["email"], ["ada@example.com"]])
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w") as new:
        for part in old.infolist():
            new.writestr(part.filename, b"<broken" if part.filename.endswith("sheet2.xml") else old.read(part))
    return out.getvalue()


BAD = {
    "bomb": (bomb, 413, "imports.workbook_too_large"),
    "scrambled": (scrambled, 422, "imports.workbook_unreadable"),
    "empty": (lambda: workbook([], hidden=False), 422, "imports.file_empty"),
    "wide": (lambda: workbook([[f"c{number}" for number in range(1_500)]]), 422, "imports.too_many_columns"),
    "no address": (lambda: workbook([["name"], ["Ada"]]), 422, "imports.email_column_missing"),
    "other zip": (lambda: _zip({"readme.txt": b"x"}), 422, "imports.file_not_text"),
    "endless card": (lambda: b"BEGIN:VCARD\r\nFN:Ada\r\n", 422, "imports.file_malformed"),
    "nameless line": (lambda: b"BEGIN:VCARD\r\nrubbish\r\nEND:VCARD\r\n", 422, "imports.file_malformed"),
}


def _zip(parts: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize("name", BAD)
async def test_what_cannot_be_read_is_refused_with_its_reason(client: Client, name: str) -> None:
    content, status, code = BAD[name]
    answer = await upload(client, content(), f"{name}.xlsx")
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert (await client.get("/api/v1/imports")).json()["items"] == []


async def test_columns_without_a_header_that_helps_are_known_by_their_values(client: Client) -> None:
    content = (
        b"Spalte A;Spalte B;Spalte C\nAda;ada@example.com;+49 30 123456\nGrace;grace@example.com;0049 30 7654321\n"
    )
    item = (await upload(client, content)).json()
    assert [column["suggestion"]["target"] for column in item["columns"]] == [
        "new_field:text:Spalte A", "email", "phone",
    ]  # fmt: skip
    tabs = (await upload(client, b"email\tname\nada@example.com\tAda\n")).json()
    assert (tabs["format"], tabs["delimiter"]) == ("tsv", "\t")


@pytest.mark.skipif(not SHARED.exists(), reason="the sample files are not in the repository")
@pytest.mark.parametrize("name", ["contacts_messy.csv", "contacts_semicolon_cp1252.csv", "deals.csv"])
async def test_every_sample_file_comes_in_with_counts_that_add_up(client: Client, db: Database, name: str) -> None:
    done = await bring_in(client, db, (SHARED / name).read_bytes(), chunk=3_000)
    progress = done["progress"]
    assert done["state"] == "completed", done["error"]
    total = sum(progress[kind] for kind in ("created", "updated", "unchanged", "skipped", "failed"))
    assert total == progress["rows_done"] == progress["rows_total"]
    errors = await errors_of(client, done["id"])
    explained = [row for row in errors if row["outcome"] != "partial"]
    assert len(explained) == progress["skipped"] + progress["failed"]
    assert all(row["reason"] and row["message"] for row in errors)
