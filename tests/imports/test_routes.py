"""A file through the public API: upload, map, dry run, start, errors, and again."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import httpx
import pytest

from tests.make import Client
from waypost.contacts.queries.contacts import count_contacts, find_contact_by_email
from waypost.imports.apply import check_import, run_import
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.work import Work

DATA = Path(__file__).parent.parent / "data"
SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "data"


def work_of(db: Database, workspace_id: int) -> Work:
    return Work(db=db, settings=db.settings, registry=db.registry, files=Files(db.settings), workspace_id=workspace_id)


async def upload(client: Client, content: bytes, name: str = "people.csv") -> httpx.Response:
    return await client.post("/api/v1/imports", files={"file": (name, content, "text/csv")})


async def bring_in(client: Client, db: Database, content: bytes, **options: object) -> dict[str, object]:
    """Upload, take the suggestions, run the job; returns the import at the end."""
    chunk = int(str(options.pop("chunk", 7)))
    item = (await upload(client, content)).json()
    saved = await client.patch(f"/api/v1/imports/{item['id']}", json={"options": options})
    assert saved.status_code == 200, saved.text
    started = await client.post(f"/api/v1/imports/{item['id']}/start")
    assert started.status_code == 202, started.text
    await run_import(work_of(db, client.workspace_id), item["id"], chunk_size=chunk)
    return (await client.get(f"/api/v1/imports/{item['id']}")).json()


async def errors_of(client: Client, import_id: object) -> list[dict[str, str]]:
    answer = await client.get(f"/api/v1/imports/{import_id}/errors.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    return list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"), newline="")))


async def facts_in(db: Database, workspace_id: int) -> int:
    async with db.read(workspace_id) as read:
        return await read.value(sql("select count(*) from activities.fact where workspace_id = {workspace}"))


async def test_a_messy_file_is_accounted_for_row_by_row(client: Client, db: Database) -> None:
    content = (DATA / "messy.csv").read_bytes()
    done = await bring_in(client, db, content)
    progress = done["progress"]
    assert done["state"] == "completed", done["error"]
    assert progress == {
        "rows_done": 13, "rows_total": 13, "created": 8, "updated": 0, "unchanged": 0, "skipped": 3, "failed": 2,
    }  # fmt: skip
    errors = await errors_of(client, done["id"])
    assert [(row["line"], row["outcome"], row["reason"], row["E-Mail"]) for row in errors] == [
        ("3", "skipped", "missing_email", ""),
        ("4", "failed", "invalid_email", "no-at-sign.example.com"),
        ("5", "skipped", "duplicate_in_file", "  ADA@EXAMPLE.COM "),
        ("8", "partial", "invalid_value", "katherine@example.com"),
        ("9", "failed", "too_many_cells", "mary@example.com"),
        ("12", "skipped", "duplicate_in_file", "linus@example.org"),
    ]
    async with db.read(client.workspace_id) as read:
        ada = await find_contact_by_email(read, "ada@example.com")
        assert await find_contact_by_email(read, "näme@xn--exmple-cua.com") is not None
        assert await count_contacts(read) == 8
    assert ada is not None
    assert (ada.first_name, ada.last_name) == ("Ada", "King")
    fields = (await client.get("/api/v1/fields")).json()["items"]
    values = {field["name"]: ada.fields.get(str(field["id"])) for field in fields}
    assert values == {"Birthday": "1815-10-12", "Lifetime value": 1250, "Consent": "Yes", "Note": 'Two\nlines "here"'}
    shown = (await client.get(f"/api/v1/contacts/{ada.id}")).json()
    assert {tag["name"] for tag in shown["tags"]} == {"VIP", "Trial"}


async def test_the_same_file_again_changes_nothing(client: Client, db: Database) -> None:
    list_id = (await client.post("/api/v1/lists", json={"name": "News"})).json()["id"]
    tag_id = (await client.post("/api/v1/tags", json={"name": "Imported"})).json()["id"]
    content = (DATA / "messy.csv").read_bytes()
    options = {"list_ids": [list_id], "tag_ids": [tag_id]}
    await bring_in(client, db, content, **options)
    facts = await facts_in(db, client.workspace_id)
    item = (await upload(client, content)).json()
    suggested = {column["header"]: column["suggestion"]["target"] for column in item["columns"]}
    assert suggested["Birthday"].startswith("field:")
    await client.patch(f"/api/v1/imports/{item['id']}", json={"options": options})
    await client.post(f"/api/v1/imports/{item['id']}/dry-run")
    await check_import(work_of(db, client.workspace_id), item["id"], chunk_size=4)
    checked = (await client.get(f"/api/v1/imports/{item['id']}")).json()
    await client.post(f"/api/v1/imports/{item['id']}/start")
    await run_import(work_of(db, client.workspace_id), item["id"], chunk_size=4)
    again = (await client.get(f"/api/v1/imports/{item['id']}")).json()
    for answer in (checked, again):
        counts = answer["progress"]
        assert (counts["created"], counts["updated"], counts["unchanged"]) == (0, 0, 8), answer["state"]
    assert await facts_in(db, client.workspace_id) == facts
    assert (await client.get(f"/api/v1/lists/{list_id}")).json()["contact_count"] == 8
    assert (await client.get(f"/api/v1/tags/{tag_id}")).json()["contact_count"] == 8


async def test_a_dry_run_counts_exactly_and_writes_nothing(client: Client, db: Database) -> None:
    content = (DATA / "messy.csv").read_bytes()
    item = (await upload(client, content)).json()
    answer = await client.post(f"/api/v1/imports/{item['id']}/dry-run")
    assert (answer.status_code, answer.json()["state"]) == (202, "checking")
    await check_import(work_of(db, client.workspace_id), item["id"], chunk_size=5)
    checked = (await client.get(f"/api/v1/imports/{item['id']}")).json()
    assert checked["state"] == "checked"
    assert checked["progress"]["created"] == 8
    assert [problem["reason"] for problem in checked["problems"]][:2] == ["missing_email", "invalid_email"]
    async with db.read(client.workspace_id) as read:
        assert await count_contacts(read) == 0
    assert (await client.get("/api/v1/fields")).json()["items"] == []
    assert (await client.get("/api/v1/tags")).json()["items"] == []


async def test_a_changed_file_updates_what_differs(client: Client, db: Database) -> None:
    await bring_in(client, db, b"email,first name,pet,tags\na@example.com,Ada,Rome,x\nb@example.com,Bob,Oslo,x\n")
    done = await bring_in(
        client, db, b"email,first name,pet,tags\na@example.com,,Paris,x\nb@example.com,Bob,Oslo,x\nc@example.com,C,,\n"
    )
    counts = done["progress"]
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (1, 1, 1)
    async with db.read(client.workspace_id) as read:
        ada = await find_contact_by_email(read, "a@example.com")
    assert ada is not None
    assert (ada.first_name, list(ada.fields.values())) == ("Ada", ["Paris"])
    timeline = (await client.get(f"/api/v1/contacts/{ada.id}/timeline")).json()["items"]
    assert timeline[0]["kind"] == "field_changed"
    assert timeline[0]["data"] == {"old": "Rome", "new": "Paris"}
    assert timeline[0]["actor"] == "import"


async def test_existing_contacts_can_be_left_alone(client: Client, db: Database) -> None:
    await bring_in(client, db, b"email,first name\na@example.com,Ada\n")
    done = await bring_in(client, db, b"email,first name\na@example.com,Other\nb@example.com,Bob\n", rule="skip")
    assert (done["progress"]["created"], done["progress"]["skipped"]) == (1, 1)
    (error,) = await errors_of(client, done["id"])
    assert (error["line"], error["reason"], error["first name"]) == ("2", "already_exists", "Other")


async def test_a_run_that_was_killed_goes_on_where_it_stopped(client: Client, db: Database) -> None:
    content = b"email\n" + b"".join(b"n%d@example.com\n" % number for number in range(20))
    item = (await upload(client, content)).json()
    await client.post(f"/api/v1/imports/{item['id']}/start")
    work = work_of(db, client.workspace_id)

    from waypost.imports import apply

    real, calls = apply.note_chunk, 0

    async def dies(*args: object, **kwargs: object) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise ConnectionError("killed")
        await real(*args, **kwargs)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(apply, "note_chunk", dies)
        with pytest.raises(ConnectionError):
            await run_import(work, item["id"], chunk_size=6)
    half = (await client.get(f"/api/v1/imports/{item['id']}")).json()
    assert (half["state"], half["progress"]["rows_done"]) == ("running", 12)
    await run_import(work, item["id"], chunk_size=6)
    done = (await client.get(f"/api/v1/imports/{item['id']}")).json()
    assert (done["state"], done["progress"]["rows_done"], done["progress"]["created"]) == ("completed", 20, 20)
    assert await facts_in(db, client.workspace_id) == 20


async def test_a_cancelled_import_stops_after_the_chunk_at_hand(client: Client, db: Database) -> None:
    item = (await upload(client, b"email\na@example.com\nb@example.com\n")).json()
    await client.post(f"/api/v1/imports/{item['id']}/start")
    assert (await client.post(f"/api/v1/imports/{item['id']}/cancel")).json()["state"] == "cancelled"
    await run_import(work_of(db, client.workspace_id), item["id"])
    assert (await client.get("/api/v1/contacts")).json()["items"] == []
    again = await client.post(f"/api/v1/imports/{item['id']}/cancel")
    assert (again.status_code, again.json()["code"]) == (409, "imports.state_wrong")


def zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sheet1.xml", b"\0" * 50_000_000)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "imports.file_empty"),
        (b"\xef\xbb\xbf\r\n", "imports.file_empty"),
        (b"<!DOCTYPE html><html><body>Not found</body></html>", "imports.file_not_text"),
        (b'[{"email": "a@example.com"}]', "imports.file_not_text"),
        (b"%PDF-1.7 ...", "imports.file_not_text"),
        (b"email\n\x00\x01\x02\n", "imports.file_not_text"),
        (b"first name,last name\nAda,King\n", "imports.email_column_missing"),
        (",".join(f"c{n}" for n in range(5_000)).encode() + b"\na@example.com\n", "imports.too_many_columns"),
        ("email,имя\na@example.com,Привет мир\n".encode("cp1251"), "imports.encoding_unknown"),
        ("email,name\na@example.com,日本語テキスト\n".encode("shift_jis"), "imports.encoding_unknown"),
        (b"email\n" + b'a@example.com,"never closed\n' + b"x" * 1_100_000, "imports.file_malformed"),
    ],
)
async def test_what_is_no_contact_file_is_refused_and_leaves_nothing(
    client: Client, db: Database, content: bytes, code: str
) -> None:
    answer = await upload(client, content)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert (await client.get("/api/v1/imports")).json()["items"] == []


async def test_a_zip_bomb_is_not_opened(client: Client) -> None:
    answer = await upload(client, zip_bomb(), "people.csv")
    assert answer.json()["code"] == "imports.file_not_text"


async def test_a_large_file_that_ends_in_another_encoding_is_refused(client: Client, db: Database) -> None:
    """Valid UTF-8 for 30 MB, with letters, and then something else: found before anything is written."""
    content = (
        b"email,name\n" + "a@example.com,Grüße\n".encode() * 1_500_000 + "b@example.com,Привет мир".encode("koi8-r")
    )
    answer = await upload(client, content)
    assert (answer.status_code, answer.json()["code"]) == (422, "imports.encoding_unknown")
    assert not [
        path for path in db.settings.files_dir.rglob("*") if path.is_file() and path.stat().st_size > 20_000_000
    ]


async def test_an_upload_without_a_file_is_refused(client: Client) -> None:
    for answer in (
        await client.post("/api/v1/imports", json={}),
        await client.post("/api/v1/imports", files={"other": ("a.csv", b"email\n", "text/csv")}),
    ):
        assert (answer.status_code, answer.json()["code"]) == (422, "imports.file_missing")


async def test_a_mapping_that_does_not_fit_is_refused_with_every_problem(client: Client) -> None:
    item = (await upload(client, b"email,b,c,d\na@example.com,1,2,3\n")).json()
    mapping = [
        {"index": 0, "target": "first_name"},
        {"index": 1, "target": "first_name"},
        {"index": 2, "target": "field:999"},
        {"index": 9, "target": "skip"},
    ]
    answer = await client.patch(f"/api/v1/imports/{item['id']}", json={"mapping": mapping})
    assert answer.status_code == 422
    assert [error["pointer"] for error in answer.json()["errors"]] == [
        "/mapping/1/target", "/mapping/2/target", "/mapping/3/index", "/mapping",
    ]  # fmt: skip
    missing = await client.patch(f"/api/v1/imports/{item['id']}", json={"options": {"list_ids": [999]}})
    assert missing.status_code == 404


async def test_a_stranger_sees_no_import(client: Client, db: Database) -> None:
    item = (await upload(client, b"email\na@example.com\n")).json()
    from waypost.imports.errors import ImportNotFound
    from waypost.imports.queries import get_import, list_imports

    async with db.read(client.workspace_id + 1_000_000) as stranger:
        with pytest.raises(ImportNotFound):
            await get_import(stranger, item["id"])
        assert (await list_imports(stranger)).items == []


@pytest.mark.parametrize("name", ["contacts_messy.csv", "contacts_semicolon_cp1252.csv"])
async def test_the_shared_files_come_in_whole_and_only_once(client: Client, db: Database, name: str) -> None:
    if not (SHARED / name).exists():
        pytest.skip("the shared data is not on this machine")
    content = (SHARED / name).read_bytes()
    done = await bring_in(client, db, content, chunk=1_000)
    counts = done["progress"]
    assert done["state"] == "completed", done["error"]
    assert (
        counts["rows_done"]
        == counts["created"] + counts["updated"] + counts["unchanged"] + counts["skipped"] + counts["failed"]
    )
    errors = await errors_of(client, done["id"])
    left_out = {row["line"] for row in errors if row["outcome"] in ("skipped", "failed")}
    assert len(left_out) == counts["skipped"] + counts["failed"]
    assert counts["updated"] == counts["unchanged"] == 0
    facts = await facts_in(db, client.workspace_id)
    again = (await bring_in(client, db, content, chunk=700))["progress"]
    assert (again["created"], again["updated"], again["unchanged"]) == (0, 0, counts["created"])
    assert await facts_in(db, client.workspace_id) == facts
