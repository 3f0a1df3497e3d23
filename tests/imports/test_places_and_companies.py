"""Places and companies in a file: read, counted, merged by rule, and undone."""

from __future__ import annotations

from typing import Any

import pytest

from tests.imports.test_routes import bring_in, errors_of, upload, work_of
from tests.imports.test_undo import checksums, contact_of, undone
from tests.make import Client
from waypost.imports.apply import check_import
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

FIRST = b"""email,Company,Job title,City,Country,Time zone
ada@example.com,Analytical Engines,Analyst,London,uk,europe/london
grace@example.com,Navy,,,,
alan@example.com,,,Wilmslow,,
quiet@example.com,Navy,,Rome,Italy,
"""
SECOND = b"""email,first name,Company,Job title,City,Country,Time zone
ada@example.com,Ada,analytical  engines,,Paris,FR,Europe/Paris
grace@example.com,,Remington Rand,Director,Arlington,USA,America/New_York
alan@example.com,,,,Wilmslow,,
quiet@example.com,,NAVY,,,,
new@example.com,New,Brand New Ltd,Founder,Oslo,NO,Mars/Olympus
"""


async def companies_of(client: Client, contact_id: object) -> list[tuple[str, str]]:
    items = (await client.get(f"/api/v1/contacts/{contact_id}/companies")).json()["items"]
    return sorted((item["name"], item["job_title"]) for item in items)


async def links(db: Database, workspace_id: int) -> list[tuple[Any, ...]]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select contact_id, company_id, job_title, is_primary, created_at, updated_at
                from contacts.company_member where workspace_id = {workspace} order by contact_id, company_id
                """
            )
        )
    return [tuple(row) for row in rows]


async def test_columns_are_recognised_by_name_and_value(client: Client) -> None:
    made = (
        await upload(
            client,
            b"e-mail,Firma,Land,Sprache,Ort,PLZ,Zeitzone,State\na@example.com,X,Deutschland,de,Bonn,53113,CET,NW\n",
        )
    ).json()
    targets = [column["suggestion"]["target"] for column in made["columns"]]
    assert targets == ["email", "company", "country", "language", "city", "postal_code", "time_zone", "region"]
    odd = (await upload(client, b"email,country,job title\na@example.com,Atlantis,Chief\n")).json()
    assert [column["suggestion"]["target"] for column in odd["columns"]] == [
        "email", "new_field:text:country", "new_field:text:job title",
    ]  # fmt: skip


@pytest.mark.parametrize("rule", ["update", "append", "only_empty", "skip"])
async def test_places_and_companies_follow_the_rule_and_go_back(client: Client, db: Database, rule: str) -> None:
    await bring_in(client, db, FIRST)
    async with db.read(client.workspace_id) as read:
        tables = await checksums(read)
    members = await links(db, client.workspace_id)
    ada, grace = await contact_of(client, "ada@example.com"), await contact_of(client, "grace@example.com")
    assert (ada["city"], ada["country"], ada["time_zone"]) == ("London", "GB", "Europe/London")
    assert await companies_of(client, ada["id"]) == [("Analytical Engines", "Analyst")]

    done = await bring_in(client, db, SECOND, rule=rule, chunk=3)
    counts: Any = done["progress"]
    assert (counts["created"], counts["updated"]) == (1, 0 if rule == "skip" else 2)
    assert counts["unchanged"] == (0 if rule == "skip" else 2), "who gains nothing does not count"
    assert [row["reason"] for row in await errors_of(client, done["id"])].count("invalid_value") == 1
    ada, grace = await contact_of(client, "ada@example.com"), await contact_of(client, "grace@example.com")
    new = await contact_of(client, "new@example.com")
    assert (new["city"], new["country"], new["time_zone"]) == ("Oslo", "NO", "")
    assert await companies_of(client, new["id"]) == [("Brand New Ltd", "Founder")]
    overwritten = rule in ("update", "append")
    assert ada["city"] == ("Paris" if overwritten else "London")
    assert grace["city"] == ("" if rule == "skip" else "Arlington")
    joined = [("Navy", ""), ("Remington Rand", "Director")] if overwritten else [("Navy", "")]
    assert await companies_of(client, grace["id"]) == joined

    back = await undone(client, db, done["id"])
    assert (back["state"], back["undo_refused"]) == ("undone", 0)
    async with db.read(client.workspace_id) as read:
        assert await checksums(read) == tables
    assert await links(db, client.workspace_id) == members


async def test_a_dry_run_foresees_them_and_makes_nothing(client: Client, db: Database) -> None:
    await bring_in(client, db, FIRST)
    made = (await upload(client, SECOND)).json()
    started = await client.post(f"/api/v1/imports/{made['id']}/dry-run")
    assert started.status_code == 202, started.text
    await check_import(work_of(db, client.workspace_id), made["id"], chunk_size=2)
    counts = (await client.get(f"/api/v1/imports/{made['id']}")).json()["progress"]
    assert (counts["created"], counts["updated"], counts["unchanged"]) == (1, 2, 2)
    names = [item["name"] for item in (await client.get("/api/v1/companies")).json()["items"]]
    assert names == ["Analytical Engines", "Navy"]


async def test_a_job_title_needs_a_company(client: Client) -> None:
    made = (await upload(client, b"email,work\na@example.com,Chief\n")).json()
    mapping = [{"index": 0, "target": "email"}, {"index": 1, "target": "job_title"}]
    answer = await client.patch(f"/api/v1/imports/{made['id']}", json={"mapping": mapping})
    if answer.status_code == 200:
        answer = await client.post(f"/api/v1/imports/{made['id']}/start")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["pointer"], error["code"]) == (422, "/mapping/1/target", "company_missing")
