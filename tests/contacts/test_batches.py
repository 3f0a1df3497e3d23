"""Batches of contacts: merged by address with tags, lists, fields and company, and asked about afterwards."""

from __future__ import annotations

import pytest

from tests.make import Make
from waypost.contacts.actions import create_field, create_list, subscribe
from waypost.contacts.actions.batches import Incoming, merge_batch
from waypost.contacts.audience import these
from waypost.contacts.queries.batches import find_batch, list_batch_days
from waypost.contacts.queries.contacts import find_contact_by_email
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.queries.members import list_workplaces
from waypost.contacts.queries.tags import list_contact_tags
from waypost.contacts.types import Status
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_batch_creates_changes_and_names_who_it_could_not_take(tx: Tx, make: Make):
    size = (await create_field(tx, name="Size", type="number")).id
    news, offers = (await create_list(tx, name="News")).id, (await create_list(tx, name="Offers")).id
    there = await make.contact(tx, "ada@example.com", first_name="Ada", last_name="Lovelace")
    gone = await make.contact(tx, "gone@example.com", lists=[])
    await subscribe(tx, news, these([gone]), status=Status.UNSUBSCRIBED)
    people = [
        Incoming("ADA@example.com", last_name="King", tags=["VIP", "new"], subscribe=[news], company="Engines Ltd"),
        Incoming(
            "grace@example.com",
            "Grace",
            fields={size: "40"},
            tags=["vip"],
            subscribe=[news, offers],
            company="engines  LTD",
        ),
        Incoming("gone@example.com", subscribe=[news], unsubscribe=[offers]),
        Incoming("nobody"),
        Incoming("wrong@example.com", fields={size: "many"}),
    ]
    batch = await merge_batch(tx, people)
    assert batch.failures == ["nobody", "wrong@example.com"]
    ada, grace = (
        await find_contact_by_email(tx, "ada@example.com"),
        await find_contact_by_email(tx, "grace@example.com"),
    )
    assert ada is not None
    assert grace is not None
    assert batch.contact_ids == sorted([there, grace.id, gone])
    assert (ada.id, ada.first_name, ada.last_name) == (there, "Ada", "King")
    assert grace.fields == {str(size): 40}
    given = await list_contact_tags(tx, [ada.id, grace.id])
    assert len(given) == 3
    assert len({one.tag_id for one in given}) == 2
    found = {(one.contact_id, one.list_id): one.status for one in await list_subscriptions(tx, batch.contact_ids)}
    assert found == {
        (there, news): 1, (grace.id, news): 1, (grace.id, offers): 1, (gone, news): 2, (gone, offers): 2,
    }  # fmt: skip
    assert [one.name for one in await list_workplaces(tx, there)] == ["Engines Ltd"]
    assert [one.name for one in await list_workplaces(tx, grace.id)] == ["Engines Ltd"]
    assert await find_batch(tx, batch.token) == batch
    again = await merge_batch(tx, people)
    assert again.contact_ids == batch.contact_ids
    assert [(one.batch_count, one.contact_count) for one in await list_batch_days(tx)] == [(2, 6)]
    stranger = tx.in_workspace(tx.workspace_id + 1_000_000)
    assert await find_batch(stranger, batch.token) is None
