"""Erasing leaves nothing of a person in any table of any domain, and an export has all of it before."""

from __future__ import annotations

import hashlib
import io
import zipfile
from dataclasses import fields

import orjson
import pytest

from tests.contacts.every_table import fill, rows_of, tables_with
from tests.delivery.parts import message_to, system_work
from tests.make import Client
from waypost.contacts.actions import create_contact, create_list, delete_contacts, subscribe
from waypost.contacts.audience import these
from waypost.contacts.counts import CONTACTS, LIST, count_of
from waypost.contacts.erasing import erase_contacts
from waypost.contacts.jobs import ExportPerson
from waypost.contacts.types import Status
from waypost.kernel.db import Database
from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import Work

pytestmark = pytest.mark.asyncio(loop_scope="session")

MARK = "zzmark"


async def test_no_table_has_anything_left(tx: Tx, registry: Registry) -> None:
    person = (await create_contact(tx, email=f"{MARK}@example.com", first_name=MARK)).id
    other = (await create_contact(tx, email="grace@example.com")).id
    tables = [item for item in registry.personal if item.table not in ("contacts.contact", "contacts.trash")]
    for item in tables:
        await fill(tx, item, person)
        if item.table != "contacts.duplicate_pair":
            await fill(tx, item, other)
    ledger = await tx.value(sql("select count(*) from delivery.ledger where workspace_id = {workspace}"))
    assert len(await tables_with(tx, MARK)) > 3

    assert await erase_contacts(tx, [person, person, 10**12]) == 1
    for item in registry.personal:
        assert await rows_of(tx, item, person) == 0, item.table
        if item.table not in ("contacts.duplicate_pair", "contacts.trash"):
            assert await rows_of(tx, item, other) >= 1, item.table
    assert await tx.value(sql("select count(*) from delivery.ledger where workspace_id = {workspace}")) == ledger


async def test_only_an_audit_row_and_the_hash_of_the_address_remain(tx: Tx) -> None:
    weekly = (await create_list(tx, name="Weekly")).id
    person = (await create_contact(tx, email=f"{MARK}@example.com", first_name=MARK)).id
    await subscribe(tx, weekly, these([person]))
    assert await erase_contacts(tx, [person]) == 1
    assert await tables_with(tx, MARK) == []
    assert (await count_of(tx, CONTACTS), await count_of(tx, LIST, weekly)) == (0, 0)
    row = await tx.one(sql("select * from contacts.erasure where workspace_id = {workspace}"))
    assert (row["erased_id"], row["actor_kind"], row["actor_id"], row["created_at"]) == (person, 0, 1, tx.now)
    assert row["address_hash"] == hashlib.sha256(f"{MARK}@example.com".encode()).digest()


async def test_who_had_unsubscribed_is_not_mailed_when_brought_in_again(tx: Tx) -> None:
    weekly = (await create_list(tx, name="Weekly")).id
    person = (await create_contact(tx, email=f"{MARK}@example.com")).id
    await subscribe(tx, weekly, these([person]), status=Status.UNSUBSCRIBED)
    await delete_contacts(tx, these([person]))
    await erase_contacts(tx, [person])
    again = (await create_contact(tx, email=f"{MARK}@example.com")).id
    grace = (await create_contact(tx, email="grace@example.com")).id
    await message_to(tx, [again, grace])
    rows = await tx.all(sql("select contact_id, state from delivery.ledger where workspace_id = {workspace}"))
    assert {row["contact_id"]: row["state"] for row in rows} == {again: 4, grace: 0}


async def test_a_stranger_erases_nobody(tx: Tx) -> None:
    person = (await create_contact(tx, email=f"{MARK}@example.com")).id
    assert await erase_contacts(tx.in_workspace(tx.workspace_id + 1_000_000), [person]) == 0
    assert "contacts.contact" in await tables_with(tx, MARK)


async def test_an_export_has_what_every_table_knows_and_the_files(client: Client, db: Database) -> None:
    tag = (await client.post("/api/v1/tags", json={"name": f"{MARK} tag"})).json()["id"]
    contact = (await client.post("/api/v1/contacts", json={"email": f"{MARK}@example.com"})).json()["id"]
    await client.post("/api/v1/contacts/bulk", json={"action": "add_tag", "tag_id": tag, "contact_ids": [contact]})
    await client.post(f"/api/v1/contacts/{contact}/notes", json={"body": "Called, likes tea."})
    await client.post(f"/api/v1/contacts/{contact}/files", params={"name": "cv.txt"}, content=b"forty years of tea")
    url = f"/api/v1/contacts/{contact}/exports"
    waiting = (await client.post(url)).json()
    assert waiting["state"] == "waiting"
    assert (await client.get(f"{url}/{waiting['id']}/file")).status_code == 404
    shared = system_work(db)
    work = Work(**{item.name: getattr(shared, item.name) for item in fields(shared)}, workspace_id=client.workspace_id)
    await ExportPerson(export_id=waiting["id"]).run(work)
    ready = (await client.get(url)).json()["items"][0]
    assert (ready["state"], ready["filename"]) == ("ready", f"contact-{contact}.zip")
    archive = zipfile.ZipFile(io.BytesIO((await client.get(f"{url}/{ready['id']}/file")).content))
    assert archive.read("files/1-cv.txt") == b"forty years of tea"
    data = orjson.loads(archive.read("data.json"))
    assert data["contact"]["tags"] == [f"{MARK} tag"]
    assert {"activities.fact", "contacts.note", "contacts.contact_tag", "contacts.file"} <= data["tables"].keys()
    assert "contact_created" in [fact["kind"] for fact in data["tables"]["activities.fact"]]
    await client.post(f"/api/v1/contacts/{contact}/erase")
    assert (await client.get(f"{url}/{ready['id']}/file")).status_code == 404
