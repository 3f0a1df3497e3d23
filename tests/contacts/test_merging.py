"""Merging keeps everything of everyone, in every table of every domain."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.contacts.every_table import fill, rows_of
from tests.make import Make
from waypost.activities.actions import record
from waypost.activities.queries import list_timeline
from waypost.contacts.actions import add_tag, create_contact, create_field, create_list, subscribe
from waypost.contacts.audience import these
from waypost.contacts.counts import CONTACTS, LIST, TAG, count_of
from waypost.contacts.errors import ContactNotFound, MergeInvalid
from waypost.contacts.facts import NoteAdded
from waypost.contacts.merging import merge_contacts
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.queries.tags import list_contact_tags
from waypost.contacts.types import Status
from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_row_of_every_table_comes_to_the_survivor(tx: Tx, registry: Registry) -> None:
    survivor = (await create_contact(tx, email="ada@example.com")).id
    gone = (await create_contact(tx, email="ada.l@example.com")).id
    tables = [item for item in registry.personal if item.table != "contacts.contact"]
    assert len(tables) >= 14
    for item in tables:
        await fill(tx, item, gone)
        assert await rows_of(tx, item, gone) >= 1, item.table
    await merge_contacts(tx, survivor, [gone])
    for item in tables:
        assert await rows_of(tx, item, gone) == 0, item.table
        if not item.is_derived:
            assert await rows_of(tx, item, survivor) >= 1, item.table


async def test_clashing_rows_are_settled_by_the_rule_of_their_table(tx: Tx, registry: Registry) -> None:
    survivor = (await create_contact(tx, email="ada@example.com")).id
    gone = (await create_contact(tx, email="ada.l@example.com")).id
    tables = [item for item in registry.personal if item.key is not None and not item.is_derived]
    for item in tables:
        await fill(tx, item, gone)
        await fill(tx, item, survivor)
    await tx.run(
        sql("update activities.engagement set open_count = contact_id where workspace_id = {workspace} -- test")
    )
    await merge_contacts(tx, survivor, [gone])
    for item in tables:
        assert (await rows_of(tx, item, gone), await rows_of(tx, item, survivor)) == (0, 1), item.table
    opened = await tx.value(sql("select open_count from activities.engagement where workspace_id = {workspace}"))
    assert opened == survivor + gone


async def test_tags_are_joined_and_the_more_cautious_status_stays_with_right_totals(tx: Tx, make: Make) -> None:
    both, one = await make.tag(tx), await make.tag(tx)
    lists = [(await create_list(tx, name=name)).id for name in ("A", "B", "C")]
    ada = (await create_contact(tx, email="ada@example.com")).id
    twin = (await create_contact(tx, email="a.da@example.com")).id
    await add_tag(tx, both, these([ada, twin]))
    await add_tag(tx, one, these([twin]))
    await subscribe(tx, lists[0], these([ada]))
    await subscribe(tx, lists[0], these([twin]), status=Status.UNSUBSCRIBED)
    await subscribe(tx, lists[1], these([ada]), status=Status.UNCONFIRMED)
    await subscribe(tx, lists[1], these([twin]))
    await subscribe(tx, lists[2], these([ada, twin]))
    await merge_contacts(tx, ada, [twin])
    assert [link.tag_id for link in await list_contact_tags(tx, [ada])] == sorted([both, one])
    assert [item.status for item in await list_subscriptions(tx, [ada])] == [2, 1, 1]
    assert [await count_of(tx, LIST, number) for number in lists] == [0, 1, 1]
    assert [await count_of(tx, TAG, number) for number in (both, one)] == [1, 1]
    assert await count_of(tx, CONTACTS) == 1


async def test_values_are_the_chosen_or_the_newest_that_is_not_empty(tx: Tx) -> None:
    city, size = (await create_field(tx, name="City")).id, (await create_field(tx, name="Size")).id
    old = await create_contact(
        tx, email="ada@example.com", first_name="Ada", phone="111", fields={city: "Rome", size: "S"}
    )
    new = await create_contact(tx, email="al@example.com", first_name="A.", fields={city: "Oslo"})
    await tx.run(
        sql(
            "update contacts.contact set updated_at = {at} where workspace_id = {workspace} and id = {id}",
            at=tx.now + timedelta(hours=1),
            id=new.id,
        )
    )
    choices = {"first_name": old.id, "email": new.id}
    await merge_contacts(tx, old.id, [new.id], choices=choices)
    kept = await get_contact(tx, old.id)
    assert (kept.email, kept.first_name, kept.phone) == ("al@example.com", "Ada", "111")
    assert kept.fields == {str(city): "Oslo", str(size): "S"}


async def test_the_timeline_is_that_of_both_and_the_old_id_leads_on(tx: Tx) -> None:
    ids = [(await create_contact(tx, email=f"ada{n}@example.com")).id for n in range(3)]
    await record(tx, NoteAdded(note_id=5), sql("select {id} as contact_id", id=ids[2]))
    await merge_contacts(tx, ids[1], [ids[2]])
    await merge_contacts(tx, ids[0], [ids[1]])
    entries = (await list_timeline(tx, ids[0])).items
    assert [entry.kind for entry in entries].count("contact_merged") == 2
    assert "note_added" in [entry.kind for entry in entries]
    merged = next(entry for entry in entries if entry.kind == "contact_merged" and entry.object_id == ids[2])
    assert merged.data is not None
    assert merged.data["values"]["email"] == "ada2@example.com"  # type: ignore[index]
    leads = await tx.all(sql("select old_id, contact_id from contacts.merged where workspace_id = {workspace}"))
    assert {row["old_id"]: row["contact_id"] for row in leads} == {ids[1]: ids[0], ids[2]: ids[0]}
    assert (await get_contact(tx, ids[2])).id == ids[0]


async def test_what_cannot_be_merged_says_so_and_changes_nothing(tx: Tx) -> None:
    ada = (await create_contact(tx, email="ada@example.com")).id
    twin = (await create_contact(tx, email="a.da@example.com")).id
    with pytest.raises(MergeInvalid):
        await merge_contacts(tx, ada, [ada])
    with pytest.raises(MergeInvalid):
        await merge_contacts(tx, ada, [twin], choices={"shoe": twin})
    with pytest.raises(MergeInvalid):
        await merge_contacts(tx, ada, [twin], choices={"email": twin + 1000})
    with pytest.raises(ContactNotFound):
        await merge_contacts(tx, ada, [twin + 1000])
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    with pytest.raises(ContactNotFound):
        await merge_contacts(stranger, ada, [twin])
    assert (await get_contact(tx, twin)).email == "a.da@example.com"
