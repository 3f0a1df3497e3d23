"""Undoing an import gives back exactly what was there; rules, pausing and consent."""

from __future__ import annotations

import asyncio

import pytest

from tests.imports.test_kill import kill, start_worker
from tests.imports.test_routes import bring_in, errors_of, upload, work_of
from tests.make import Client
from waypost.imports import undo
from waypost.imports.apply import run_import
from waypost.imports.undo import undo_import
from waypost.kernel.db import Database
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx

TABLES = ("contacts.contact", "contacts.contact_tag", "contacts.subscription", "contacts.consent",
          "contacts.field_value_index")  # fmt: skip
FIRST = b"""email,first name,last name,phone,City,Birthday,Hobbies,tags
ada@example.com,Ada,Lovelace,1,London,1815-12-10,Chess,VIP
grace@example.com,Grace,,2,,,"Chess, Go",
linus@example.com,Linus,,,Paris,,,Trial
quiet@example.com,Quiet,One,3,Rome,,,
"""
SECOND = b"""email,first name,last name,phone,City,Birthday,Hobbies,tags
ADA@example.com,Augusta,,9,Berlin,1815-12-11,Go,"VIP, Trial"
grace@example.com,,Hopper,,New York,1906-12-09,Rowing,VIP
linus@example.com,,,,,,,VIP
quiet@example.com,Quiet,One,3,Rome,,,
new1@example.com,New,One,7,Oslo,2000-01-01,Chess,VIP
new2@example.com,New,Two,8,,,,
"""


async def checksums(read: ReadTx) -> dict[str, tuple[int, str]]:
    """Of every table that an import writes: rows, and a hash over all of their columns."""
    found: dict[str, tuple[int, str]] = {}
    for table in TABLES:
        row = await read.one(
            sql(
                """
                select count(*) as rows, coalesce(md5(string_agg(t::text, '|' order by t::text)), '') as hash
                from {table} t where workspace_id = {workspace}
                """,
                table=Sql(table),
            )
        )
        found[table] = (row["rows"], row["hash"])
    totals = await read.all(
        sql(
            """
            select kind, object_id, sum(change)::bigint as total from (
                select kind, object_id, change from contacts.count_change where workspace_id = {workspace}
                union all
                select kind, object_id, count from contacts.count_total where workspace_id = {workspace}
            ) as parts group by 1, 2 having sum(change) <> 0 order by 1, 2
            """
        )
    )
    found["counts"] = (len(totals), str([tuple(row) for row in totals]))
    return found


async def prepared(client: Client, db: Database) -> dict[str, int]:
    """A workspace with four people on two lists, and fields of all kinds."""
    made = {name: (await client.post("/api/v1/lists", json={"name": name})).json()["id"] for name in ("News", "Offers")}
    made["tag"] = (await client.post("/api/v1/tags", json={"name": "Imported"})).json()["id"]
    for name, kind, options in (
        ("City", "text", []), ("Birthday", "date", []), ("Hobbies", "multiselect", ["Chess", "Go", "Rowing"]),
    ):  # fmt: skip
        answer = await client.post("/api/v1/fields", json={"name": name, "type": kind, "options": options})
        made[name] = answer.json()["id"]
    await bring_in(client, db, FIRST, list_ids=[made["News"]])
    return made


async def contact_of(client: Client, email: str) -> dict[str, object]:
    items = (await client.get("/api/v1/contacts", params={"search": email})).json()["items"]
    assert len(items) == 1, email
    return (await client.get(f"/api/v1/contacts/{items[0]['id']}")).json()


async def undone(client: Client, db: Database, import_id: object) -> dict[str, object]:
    answer = await client.post(f"/api/v1/imports/{import_id}/undo")
    assert (answer.status_code, answer.json()["state"]) == (202, "undoing"), answer.text
    await undo_import(work_of(db, client.workspace_id), int(str(import_id)))
    return (await client.get(f"/api/v1/imports/{import_id}")).json()


@pytest.mark.parametrize("rule", ["update", "append", "only_empty", "skip"])
async def test_undoing_restores_every_table_exactly(
    client: Client, db: Database, rule: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo, "AT_ONCE", 2)
    made = await prepared(client, db)
    async with db.read(client.workspace_id) as read:
        before = await checksums(read)
    done = await bring_in(
        client, db, SECOND, list_ids=[made["News"], made["Offers"]], tag_ids=[made["tag"]], rule=rule,
        consent="Fair in Oslo, on paper", chunk=4,
    )  # fmt: skip
    touched = 2 if rule == "skip" else 6
    progress = done["progress"]
    assert isinstance(progress, dict)
    assert (done["state"], progress["created"], progress["created"] + progress["updated"]) == ("completed", 2, touched)
    async with db.read(client.workspace_id) as read:
        assert await checksums(read) != before
    back = await undone(client, db, done["id"])
    assert (back["state"], back["undone"], back["undo_refused"]) == ("undone", touched, 0)
    async with db.read(client.workspace_id) as read:
        assert await checksums(read) == before
    again = await client.post(f"/api/v1/imports/{done['id']}/undo")
    assert again.status_code == 409


async def test_rules_say_what_a_row_does_to_someone_known(client: Client, db: Database) -> None:
    made = await prepared(client, db)
    city, hobbies = str(made["City"]), str(made["Hobbies"])
    done = await bring_in(client, db, SECOND, rule="only_empty")
    ada, grace = await contact_of(client, "ada@example.com"), await contact_of(client, "grace@example.com")
    assert (ada["first_name"], ada["phone"], ada["fields"][city], ada["fields"][hobbies]) == (
        "Ada",
        "1",
        "London",
        ["Chess"],
    )
    assert (grace["last_name"], grace["fields"][city], grace["fields"][hobbies]) == (
        "Hopper",
        "New York",
        ["Chess", "Go"],
    )
    assert {tag["name"] for tag in ada["tags"]} == {"VIP", "Trial"}
    await undone(client, db, done["id"])
    done = await bring_in(client, db, SECOND, rule="append")
    ada, grace = await contact_of(client, "ada@example.com"), await contact_of(client, "grace@example.com")
    assert (ada["first_name"], ada["last_name"], ada["fields"][city]) == ("Augusta", "Lovelace", "Berlin")
    assert (ada["fields"][hobbies], grace["fields"][hobbies]) == (["Chess", "Go"], ["Chess", "Go", "Rowing"])
    await undone(client, db, done["id"])
    done = await bring_in(client, db, SECOND, rule="skip")
    assert done["progress"]["skipped"] == 4
    assert {row["reason"] for row in await errors_of(client, done["id"])} == {"already_exists"}
    assert (await contact_of(client, "ada@example.com"))["first_name"] == "Ada"


async def test_who_was_touched_since_is_left_alone_with_the_reason(client: Client, db: Database) -> None:
    made = await prepared(client, db)
    done = await bring_in(client, db, SECOND, list_ids=[made["Offers"]])
    ada, grace = await contact_of(client, "ada@example.com"), await contact_of(client, "grace@example.com")
    new1, new2 = await contact_of(client, "new1@example.com"), await contact_of(client, "new2@example.com")
    await client.patch(f"/api/v1/contacts/{ada['id']}", json={"last_name": "King"})
    await client.post(
        "/api/v1/contacts/bulk", json={"contact_ids": [new1["id"]], "action": "add_tag", "tag_id": made["tag"]}
    )
    await client.delete(f"/api/v1/contacts/{new2['id']}")
    back = await undone(client, db, done["id"])
    assert (back["undone"], back["undo_refused"]) == (3, 3)
    refusals = (await client.get(f"/api/v1/imports/{done['id']}/undo-refusals")).json()["items"]
    assert {(item["contact_id"], item["reason"]) for item in refusals} == {
        (ada["id"], "changed"), (new1["id"], "touched"), (new2["id"], "deleted"),
    }  # fmt: skip
    assert (await contact_of(client, "ada@example.com"))["first_name"] == "Augusta"
    assert (await contact_of(client, "grace@example.com"))["fields"] == {str(made["Hobbies"]): ["Chess", "Go"]}
    kinds = [item["kind"] for item in (await client.get(f"/api/v1/contacts/{grace['id']}/timeline")).json()["items"]]
    assert kinds[:2] == ["tag_removed", "list_unsubscribed"]


async def test_pausing_stops_between_chunks_and_resuming_goes_on(client: Client, db: Database) -> None:
    item = (await upload(client, SECOND)).json()
    path = f"/api/v1/imports/{item['id']}"
    assert (await client.post(path + "/pause")).status_code == 409
    await client.post(path + "/start")
    paused = await client.post(path + "/pause")
    assert (paused.status_code, paused.json()["state"]) == (200, "paused")
    await run_import(work_of(db, client.workspace_id), item["id"], chunk_size=2)
    assert (await client.get(path)).json()["progress"]["rows_done"] == 0
    assert (await client.post(path + "/resume")).json()["state"] == "running"
    await run_import(work_of(db, client.workspace_id), item["id"], chunk_size=2)
    assert (await client.get(path)).json()["progress"]["created"] == 6
    assert (await client.post(path + "/cancel")).status_code == 409


async def test_status_and_consent_go_with_new_subscriptions_only(client: Client, db: Database) -> None:
    made = await prepared(client, db)
    await bring_in(client, db, SECOND, list_ids=[made["News"], made["Offers"]], status="unconfirmed")
    async with db.read(client.workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select list_id, status, count(*) as n from contacts.subscription where workspace_id = {workspace}
                group by 1, 2 order by 1, 2
                """
            )
        )
    assert [tuple(row) for row in rows] == [(made["News"], 0, 2), (made["News"], 1, 4), (made["Offers"], 0, 6)]
    assert (await client.get(f"/api/v1/lists/{made['Offers']}")).json()["contact_count"] == 0


async def reach_undone(client: Client, import_id: object, wanted: int) -> dict[str, object]:
    """The import when so many are undone; the last ones mean that it is over."""
    for _ in range(1_200):
        item = (await client.get(f"/api/v1/imports/{import_id}")).json()
        if item["state"] == "undone" or wanted <= item["undone"] < 12_000:
            return item
        await asyncio.sleep(0.02)
    raise AssertionError(f"undoing stands at {item['undone']} of {wanted}")


async def test_undoing_survives_a_kill(client: Client, db: Database) -> None:
    rows = b"email\n" + b"".join(b"p%d@example.com\n" % number for number in range(12_000))
    async with db.read(client.workspace_id) as read:
        before = await checksums(read)
    done = await bring_in(client, db, rows, chunk=3_000)
    assert (await client.post(f"/api/v1/imports/{done['id']}/undo")).status_code == 202
    for wanted in (4_000, 12_000):
        worker = await start_worker(db)
        try:
            item = await reach_undone(client, done["id"], wanted)
        finally:
            await kill(worker)
    assert (item["state"], item["undone"], item["undo_refused"]) == ("undone", 12_000, 0)
    async with db.read(client.workspace_id) as read:
        assert await checksums(read) == before
