"""Erasing leaves nothing of a person in any table of any domain, and an export has all of it before."""

from __future__ import annotations

import hashlib

import pytest

from tests.contacts.every_table import fill, rows_of, tables_with
from tests.delivery.parts import message_to
from waypost.contacts.actions import create_contact, create_list, delete_contacts, subscribe
from waypost.contacts.audience import these
from waypost.contacts.counts import CONTACTS, LIST, count_of
from waypost.contacts.erasing import erase_contacts
from waypost.contacts.types import Status
from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

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
