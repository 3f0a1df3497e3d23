"""Exports: the right people in the right columns, whatever happens to the process that writes them."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from tests.make import Make
from waypost.contacts.actions.contacts import update_contact
from waypost.exports import write
from waypost.exports.actions import PART, create_export, next_time
from waypost.exports.jobs import BeginScheduled, RemoveOldFiles
from waypost.exports.queries import get_export
from waypost.exports.write import write_export
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.work import Work
from waypost.segments.selection import Selection

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def work(db: Database, client: httpx.AsyncClient) -> Work:
    return Work(db, db.settings, db.registry, Files(db.settings), workspace_id=client.workspace_id)  # type: ignore[attr-defined]


async def begin(client: httpx.AsyncClient, work: Work, **body: Any) -> dict[str, Any]:
    """An export begun over HTTP and written as the worker does."""
    answer = await client.post("/api/v1/exports", json=body)
    assert answer.status_code == 202, answer.text
    await write_export(work, answer.json()["id"])
    return (await client.get(f"/api/v1/exports/{answer.json()['id']}")).json()


async def rows(client: httpx.AsyncClient, export: dict[str, Any]) -> list[list[str]]:
    answer = await client.get(f"/api/v1/exports/{export['id']}/file")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"].startswith("attachment")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_a_condition_as_csv_with_chosen_columns(client: httpx.AsyncClient, work: Work, make: Make) -> None:
    async with work.transaction() as tx:
        vip = await make.tag(tx, "VIP")
        ada = await make.contact(tx, email="ada@example.com", first_name="=1+1", tags=[vip])
        await update_contact(tx, ada, phone="+44 20 7946 0000")
        await make.contact(tx, email="grace@example.com")
    export = await begin(
        client, work,
        selection={"condition": {"type": "has_tag", "params": {"tag_id": vip}}},
        columns=["email", "first_name", "phone", "tags"],
    )  # fmt: skip
    assert (export["state"], export["rows_total"], export["rows_done"]) == ("completed", 1, 1)
    assert await rows(client, export) == [
        ["Email", "First name", "Phone", "Tags"],
        ["ada@example.com", "'=1+1", "+44 20 7946 0000", "VIP"],
    ]


async def test_nobody_is_a_file_with_a_header(client: httpx.AsyncClient, work: Work) -> None:
    export = await begin(client, work, columns=["id", "email"])
    assert await rows(client, export) == [["Id", "Email"]]


async def test_a_spreadsheet_holds_texts_and_no_formulas(client: httpx.AsyncClient, work: Work, make: Make) -> None:
    async with work.transaction() as tx:
        await make.contact(tx, email="ada@example.com", first_name="=1+1")
    export = await begin(client, work, columns=["email", "first_name"], format="xlsx")
    content = (await client.get(f"/api/v1/exports/{export['id']}/file")).content
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert ">=1+1<" in sheet
    assert "<f>" not in sheet


async def test_a_crash_between_parts_loses_and_doubles_nobody(
    client: httpx.AsyncClient, work: Work, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with work.transaction() as tx:
        people = await make.contacts(tx, PART * 2 + 10)
        export = await create_export(tx, work.files, Selection(), columns=["id"])
    noted = write.note_part

    async def crash(*args: Any, **kwargs: Any) -> bool:
        if args[2] == 1:
            raise SystemExit
        return await noted(*args, **kwargs)

    monkeypatch.setattr(write, "note_part", crash)
    with pytest.raises(SystemExit):
        await write_export(work, export.id)
    async with work.read() as read:
        assert (await get_export(read, export.id)).rows_done == PART
    monkeypatch.setattr(write, "note_part", noted)
    await write_export(work, export.id)
    found = [int(row[0]) for row in (await rows(client, {"id": export.id}))[1:]]
    assert found == sorted(people)


async def test_a_cancelled_export_has_no_file(client: httpx.AsyncClient, work: Work, make: Make) -> None:
    async with work.transaction() as tx:
        await make.contact(tx)
    begun = (await client.post("/api/v1/exports", json={})).json()
    assert (await client.post(f"/api/v1/exports/{begun['id']}/cancel")).json()["state"] == "cancelled"
    await write_export(work, begun["id"])
    answer = await client.get(f"/api/v1/exports/{begun['id']}/file")
    assert (answer.status_code, answer.json()["code"]) == (409, "exports.not_ready")
    assert (await client.post(f"/api/v1/exports/{begun['id']}/cancel")).status_code == 409


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"columns": ["email", "shoe_size"]}, "/columns/1"),
        ({"columns": []}, "/columns"),
        ({"selection": {"condition": {"type": "nonsense", "params": {}}}}, "/selection/condition"),
        ({"format": "pdf"}, "/format"),
    ],
)
async def test_what_cannot_be_exported_is_refused_with_the_place(
    client: httpx.AsyncClient, body: dict[str, Any], pointer: str
) -> None:
    answer = await client.post("/api/v1/exports", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)


async def test_a_schedule_exports_when_its_time_has_come_and_keeps_the_newest(
    client: httpx.AsyncClient, work: Work, make: Make
) -> None:
    async with work.transaction() as tx:
        await make.contact(tx)
    body = {"name": "Everyone", "at_time": "06:00", "kept": 1, "columns": ["email"]}
    schedule = (await client.post("/api/v1/export-schedules", json=body)).json()
    assert datetime.fromisoformat(schedule["next_at"]) > datetime.now(UTC)
    for _ in range(2):
        async with work.transaction() as tx:
            await tx.run(sql("update exports.schedule set next_at = {now} where workspace_id = {workspace}"))
        await BeginScheduled().run(replace(work, workspace_id=0))
        for item in (await client.get("/api/v1/exports")).json()["items"]:
            await write_export(work, item["id"])
    await RemoveOldFiles().run(replace(work, workspace_id=0))
    found = (await client.get("/api/v1/exports")).json()["items"]
    assert [(item["name"], item["state"]) for item in found] == [("Everyone", "completed"), ("Everyone", "expired")]
    assert (await client.patch(f"/api/v1/export-schedules/{schedule['id']}", json={"is_active": False})).json()[
        "is_active"
    ] is False
    assert (await client.delete(f"/api/v1/export-schedules/{schedule['id']}")).status_code == 204


@pytest.mark.parametrize(
    ("now", "weekday", "expected"),
    [
        ("2026-11-23T05:59", None, "2026-11-23T06:00"),
        ("2026-11-23T06:00", None, "2026-11-24T06:00"),
        ("2026-11-23T06:00", 1, "2026-11-30T06:00"),
        ("2026-10-24T12:00", None, "2026-10-25T06:00"),  # the night with an hour more
    ],
)
def test_the_next_time(now: str, weekday: int | None, expected: str) -> None:
    start = datetime.fromisoformat(now).replace(tzinfo=BERLIN)
    assert next_time(start, weekday, "06:00", BERLIN) == datetime.fromisoformat(expected).replace(tzinfo=BERLIN)


async def test_a_stranger_sees_no_export(client: httpx.AsyncClient, work: Work, make: Make, db: Database) -> None:
    async with work.transaction() as tx:
        await make.contact(tx)
    export = await begin(client, work, columns=["email"])
    async with db.read(999_999) as stranger:
        with pytest.raises(Exception, match="There is no export"):
            await get_export(stranger, export["id"])
