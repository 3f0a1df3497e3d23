"""Steps of automations: idempotent, for sets, and written together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tests.contacts.test_actions import kinds
from tests.make import Make
from waypost.contacts.actions import create_field, create_list, create_tag
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.lists import list_subscriptions
from waypost.contacts.queries.tags import list_contact_tags
from waypost.kernel.model import parse
from waypost.kernel.tx import Tx


class Pass:
    """A pass of the engine that keeps what steps defer."""

    automation_id, version_id, step_id = 1, 1, "s1"

    def __init__(self, contact_ids: Sequence[int]) -> None:
        self.contact_ids = contact_ids
        self.deferred: dict[Any, list[tuple[Sequence[int], Any]]] = {}

    def enrollment_id(self, contact_id: int) -> int:
        return contact_id

    def defer(self, flush: Any, contact_ids: Sequence[int], payload: Any) -> None:
        self.deferred.setdefault(flush, []).append((contact_ids, payload))

    def record(self, fact: object, contact_ids: Sequence[int]) -> None:
        raise AssertionError("steps of contacts record with their writes")

    def park(self, contact_ids: Sequence[int], reason: str) -> None:
        raise AssertionError(reason)


async def run(tx: Tx, contact_ids: Sequence[int], *steps: tuple[str, dict[str, Any]]) -> None:
    batch = Pass(contact_ids)
    for name, params in steps:
        step = tx.registry.step(name)
        assert await step.run(tx, batch, parse(params, step.params)) is None
    for flush, items in batch.deferred.items():
        await flush(tx, items)


async def test_tags_lists_and_fields_are_written_once_for_the_pass(tx: Tx, make: Make) -> None:
    vip, old = (await create_tag(tx, name="VIP")).id, (await create_tag(tx, name="Old")).id
    news = (await create_list(tx, name="News")).id
    city, age = (await create_field(tx, name="City")).id, (await create_field(tx, name="Age", type="number")).id
    people = await make.contacts(tx, 3)
    steps = (
        ("add_tag", {"tag_id": vip}),
        ("add_tag", {"tag_id": old}),
        ("update_field", {"field_id": city, "value": "Rome"}),
        ("remove_tag", {"tag_id": old}),
        ("update_field", {"field_id": age, "value": "41"}),
        ("add_to_list", {"list_id": news}),
    )
    await run(tx, people, *steps)
    assert [(row.contact_id, row.tag_id) for row in await list_contact_tags(tx, people)] == [(p, vip) for p in people]
    assert [row.status for row in await list_subscriptions(tx, people)] == [1, 1, 1]
    assert (await get_contact(tx, people[2])).fields == {str(city): "Rome", str(age): 41}
    first = await kinds(tx, people[0])
    assert sorted(first) == sorted(
        ["tag_added", "tag_added", "tag_removed", "field_changed", "field_changed", "list_subscribed"]
    )
    await run(tx, people, ("add_tag", {"tag_id": vip}), *steps[2:3], *steps[4:])
    assert await kinds(tx, people[0]) == first


async def test_an_automation_does_not_bring_back_who_unsubscribed(tx: Tx, make: Make) -> None:
    news = (await create_list(tx, name="News")).id
    people = await make.contacts(tx, 2)
    await run(tx, people, ("add_to_list", {"list_id": news}))
    await run(tx, people[:1], ("remove_from_list", {"list_id": news}))
    await run(tx, people, ("add_to_list", {"list_id": news}))
    assert [row.status for row in await list_subscriptions(tx, people)] == [2, 1]


async def test_different_changes_in_one_pass_stay_apart(tx: Tx, make: Make) -> None:
    city = (await create_field(tx, name="City")).id
    people = await make.contacts(tx, 2)
    from waypost.contacts.steps import flush_fields

    key = str(city)
    await flush_fields(tx, [(people, (key, "Rome")), (people[1:], (key, "Oslo"))])
    assert [(await get_contact(tx, one)).fields for one in people] == [{key: "Rome"}, {key: "Oslo"}]
    await flush_fields(tx, [(people[:1], (key, None))])
    assert (await get_contact(tx, people[0])).fields == {}
