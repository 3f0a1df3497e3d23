"""Deleting moves to the trash; restoring gives everything back, where the address is still free."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.make import Make
from waypost.contacts.actions import create_contact, create_list, delete_contacts, restore_contacts, subscribe
from waypost.contacts.actions.tags import delete_tag
from waypost.contacts.audience import these
from waypost.contacts.counts import CONTACTS, LIST, TAG, count_of
from waypost.contacts.erasing import erase_due
from waypost.contacts.errors import EmailTaken
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.queries.tags import list_contact_tags
from waypost.contacts.types import Status
from waypost.kernel.sql import sql
from waypost.kernel.tx import Actor, Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")

EVERYONE_GONE = sql("select contact_id from contacts.trash where workspace_id = {workspace}")


async def totals(tx: Tx, tag: int, list_id: int) -> tuple[int, int, int]:
    return await count_of(tx, CONTACTS), await count_of(tx, TAG, tag), await count_of(tx, LIST, list_id)


async def test_restoring_gives_back_tags_subscriptions_and_totals(tx: Tx, make: Make) -> None:
    tag, lost_tag = await make.tag(tx), await make.tag(tx)
    weekly = (await create_list(tx, name="Weekly")).id
    daily = (await create_list(tx, name="Daily")).id
    ada = (await create_contact(tx, email="ada@example.com")).id
    grace = (await create_contact(tx, email="grace@example.com")).id
    from waypost.contacts.actions import add_tag

    await add_tag(tx, tag, these([ada, grace]))
    await add_tag(tx, lost_tag, these([ada]))
    await subscribe(tx, weekly, these([ada, grace]), source="form")
    await subscribe(tx, daily, these([ada]), status=Status.UNSUBSCRIBED)
    before = await totals(tx, tag, weekly), await list_subscriptions(tx, [ada])
    assert before[0] == (2, 2, 2)

    assert await delete_contacts(tx, these([ada, grace])) == 2
    assert await totals(tx, tag, weekly) == (0, 0, 0)
    assert await list_contact_tags(tx, [ada, grace]) == []
    await delete_tag(tx, lost_tag)

    back = await restore_contacts(tx, EVERYONE_GONE)
    assert (sorted(back.contact_ids), back.conflicts) == (sorted([ada, grace]), [])
    assert (await totals(tx, tag, weekly), await list_subscriptions(tx, [ada])) == before
    assert [link.tag_id for link in await list_contact_tags(tx, [ada])] == [tag]
    assert (await restore_contacts(tx, EVERYONE_GONE)).contact_ids == []


async def test_an_address_taken_again_is_a_conflict_of_that_contact_only(tx: Tx) -> None:
    first = (await create_contact(tx, email="ada@example.com")).id
    await delete_contacts(tx, these([first]))
    second = (await create_contact(tx, email="ada@example.com")).id
    grace = (await create_contact(tx, email="grace@example.com")).id
    await delete_contacts(tx, these([grace]))
    back = await restore_contacts(tx, EVERYONE_GONE)
    assert back.contact_ids == [grace]
    assert [(number, type(error), error.fields["email"]) for number, error in back.conflicts] == [
        (first, EmailTaken, "ada@example.com")
    ]
    # Of two in the trash with one address the later comes back.
    await delete_contacts(tx, these([second]))
    back = await restore_contacts(tx, EVERYONE_GONE)
    assert back.contact_ids == [second]
    assert [number for number, _ in back.conflicts] == [first]


async def test_a_stranger_restores_nothing(tx: Tx) -> None:
    ada = (await create_contact(tx, email="ada@example.com")).id
    await delete_contacts(tx, these([ada]))
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000).acting_as(Actor("user", 2))
    who = sql("select {id} as contact_id", id=ada)
    assert (await restore_contacts(stranger, who)).contact_ids == []
    assert (await restore_contacts(tx, who)).contact_ids == [ada]


async def test_the_trash_is_emptied_after_thirty_days(tx: Tx) -> None:
    ada = (await create_contact(tx, email="ada@example.com")).id
    grace = (await create_contact(tx, email="grace@example.com")).id
    await delete_contacts(tx, these([ada, grace]))
    assert await erase_due(tx) == 0
    await tx.run(
        sql(
            "update contacts.trash set erase_at = {past} where workspace_id = {workspace} and contact_id = {id}",
            past=tx.now - timedelta(seconds=1),
            id=ada,
        )
    )
    assert await erase_due(tx) == 1
    left = await tx.all(sql("select id from contacts.contact where workspace_id = {workspace}"))
    assert [row["id"] for row in left] == [grace]
