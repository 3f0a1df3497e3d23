"""The changes there are: how each is made for a set of contacts, and how it is taken back.

`make` returns how many it changed and what `undo` needs to know. `undo` leaves alone whom somebody has
changed since (told by the instant of the change or by the value) and returns how many it put back.
Each works on a few thousand contacts in one transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any

import msgspec

from waypost.automations.actions import remove_contacts
from waypost.automations.enroll import enroll_contacts
from waypost.automations.queries import get_automation
from waypost.bulk import reads
from waypost.contacts.actions.fields import set_field, write_values
from waypost.contacts.actions.owners import assign_owner
from waypost.contacts.actions.subscriptions import link_lists, lock_lists, remove_subscriptions, subscribe, unsubscribe
from waypost.contacts.actions.tags import add_tag, lock_tag, remove_tag
from waypost.contacts.actions.trash import delete_contacts, restore_contacts
from waypost.contacts.audience import these
from waypost.contacts.queries.fields import get_field
from waypost.contacts.types import Status
from waypost.contacts.values import normalise_value
from waypost.identity.queries import get_user
from waypost.kernel.model import Model
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

Id = Annotated[int, msgspec.Meta(ge=1)]
Ids = Sequence[int]
Before = Any
SOURCE = "bulk"
UNDO = "undo"


class TagParams(Model):
    tag_id: Id


class ListParams(Model):
    list_id: Id


class AnyListParams(Model):
    """Without a list, every list."""

    list_id: Id | None = None


class FieldParams(Model):
    """No value clears the field."""

    field_id: Id
    value: str | int | float | list[str] | None = None


class OwnerParams(Model):
    """No owner takes the owner away."""

    owner_id: Id | None = None


class AutomationParams(Model):
    automation_id: Id


class NoParams(Model):
    """Nothing to choose."""


@dataclass(frozen=True, slots=True)
class Change:
    """A kind of bulk edit. `check` raises what is wrong before anything is begun."""

    params: type[Model]
    check: Callable[[Tx, Any], Awaitable[object]]
    make: Callable[[Tx, Any, Ids], Awaitable[tuple[int, Before]]]
    undo: Callable[[Tx, Any, Before, datetime], Awaitable[int]]


def _ids(contact_ids: Ids) -> Sql:
    return sql("select unnest({ids}::bigint[]) as contact_id", ids=list(contact_ids))


def _pairs(rows: Sequence[tuple[int, int]]) -> Sql:
    return sql(
        "select * from unnest({people}::bigint[], {lists}::bigint[]) as given (contact_id, list_id)",
        people=[row[0] for row in rows],
        lists=[row[1] for row in rows],
    )


async def _check_tag(tx: Tx, params: TagParams) -> None:
    await lock_tag(tx, params.tag_id)


async def _tag(tx: Tx, params: TagParams, ids: Ids) -> tuple[int, Before]:
    new = await reads.list_untagged(tx, params.tag_id, ids)
    return await add_tag(tx, params.tag_id, _ids(new)), new


async def _untag_again(tx: Tx, params: TagParams, before: list[int], at: datetime) -> int:
    same = await reads.list_tagged(tx, params.tag_id, before, since=at)
    return await remove_tag(tx, params.tag_id, _ids(same))


async def _untag(tx: Tx, params: TagParams, ids: Ids) -> tuple[int, Before]:
    had = await reads.list_tagged(tx, params.tag_id, ids)
    return await remove_tag(tx, params.tag_id, _ids(had)), had


async def _tag_again(tx: Tx, params: TagParams, before: list[int], at: datetime) -> int:
    del at
    return await add_tag(tx, params.tag_id, these(before))


async def _check_list(tx: Tx, params: ListParams | AnyListParams) -> None:
    if params.list_id is not None:
        await lock_lists(tx, [params.list_id])


async def _subscribe(tx: Tx, params: ListParams, ids: Ids) -> tuple[int, Before]:
    known = {row.contact_id: row for row in await reads.list_statuses(tx, params.list_id, ids)}
    changed = await subscribe(tx, params.list_id, these(ids), source=SOURCE)
    now = {row.contact_id: row.status for row in await reads.list_statuses(tx, params.list_id, ids, since=tx.now)}
    return changed, [
        [contact_id, params.list_id, known[contact_id].status if contact_id in known else None, status]
        for contact_id, status in now.items()
    ]


async def _unsubscribe(tx: Tx, params: AnyListParams, ids: Ids) -> tuple[int, Before]:
    live = [row for row in await reads.list_statuses(tx, params.list_id, ids) if row.status in (0, 1)]
    changed = await unsubscribe(tx, params.list_id, these(ids), source=SOURCE)
    return changed, [[row.contact_id, row.list_id, row.status, int(Status.UNSUBSCRIBED)] for row in live]


async def _restore_statuses(tx: Tx, params: object, before: list[list[int | None]], at: datetime) -> int:
    """Rows are contact, list, the status it had (none: it was not on the list) and the one it was given."""
    del params
    groups: dict[int | None, list[tuple[int, int]]] = defaultdict(list)
    for contact_id, list_id, status in await reads.keep_untouched(tx, before, at):
        groups[status].append((contact_id, list_id))
    count = 0
    for status, rows in groups.items():
        if status is None:
            # lint: no-row-loops because a turn is one of five statuses
            count += await remove_subscriptions(tx, _pairs(rows))
        else:
            # lint: no-row-loops because a turn is one of five statuses
            count += await link_lists(tx, _pairs(rows), status=Status(status), source=UNDO, is_forced=True)
    return count


async def _check_field(tx: Tx, params: FieldParams) -> None:
    normalise_value(await get_field(tx, params.field_id), params.value)


async def _set_field(tx: Tx, params: FieldParams, ids: Ids) -> tuple[int, Before]:
    before = await reads.list_values(tx, params.field_id, ids)
    changed = await set_field(tx, params.field_id, params.value, _ids(ids))
    return changed, [[contact_id, value] for contact_id, value in before]


async def _restore_values(tx: Tx, params: FieldParams, before: list[list[Any]], at: datetime) -> int:
    del at
    given = normalise_value(await get_field(tx, params.field_id), params.value)
    now = dict(await reads.list_values(tx, params.field_id, [row[0] for row in before]))
    groups: dict[str, tuple[Any, list[int]]] = {}
    for contact_id, value in before:
        if contact_id in now and now[contact_id] == given and value != given:
            groups.setdefault(repr(value), (value, []))[1].append(contact_id)
    count = 0
    for value, ids in groups.values():
        # lint: no-row-loops because a turn is everyone who had the same value
        count += await write_values(tx, {str(params.field_id): value}, ids)
    return count


async def _check_owner(tx: Tx, params: OwnerParams) -> None:
    if params.owner_id is not None:
        await get_user(tx, params.owner_id)


async def _set_owner(tx: Tx, params: OwnerParams, ids: Ids) -> tuple[int, Before]:
    before = await reads.list_owners(tx, ids)
    changed = await assign_owner(tx, params.owner_id, _ids(ids))
    return changed, [[contact_id, owner] for contact_id, owner in before if owner != params.owner_id]


async def _restore_owners(tx: Tx, params: OwnerParams, before: list[list[Any]], at: datetime) -> int:
    del at
    now = dict(await reads.list_owners(tx, [row[0] for row in before]))
    groups: dict[int | None, list[int]] = defaultdict(list)
    for contact_id, owner in before:
        if contact_id in now and now[contact_id] == params.owner_id:
            groups[owner].append(contact_id)
    count = 0
    for owner, ids in groups.items():
        # lint: no-row-loops because a turn is an owner, not a contact
        count += await assign_owner(tx, owner, _ids(ids))
    return count


async def _check_automation(tx: Tx, params: AutomationParams) -> None:
    await get_automation(tx, params.automation_id)
    await enroll_contacts(tx, params.automation_id, these([]))


async def _enroll(tx: Tx, params: AutomationParams, ids: Ids) -> tuple[int, Before]:
    changed = await enroll_contacts(tx, params.automation_id, these(ids))
    return changed, await reads.list_entered(tx, params.automation_id, ids, tx.now)


async def _take_out(tx: Tx, params: AutomationParams, before: list[int], at: datetime) -> int:
    inside = await reads.list_entered(tx, params.automation_id, before, at)
    return await remove_contacts(tx, params.automation_id, _ids(inside))


async def _check_nothing(tx: Tx, params: NoParams) -> None:
    del tx, params


async def _trash(tx: Tx, params: NoParams, ids: Ids) -> tuple[int, Before]:
    del params
    alive = await reads.list_alive(tx, ids)
    return await delete_contacts(tx, _ids(alive)), alive


async def _bring_back(tx: Tx, params: NoParams, before: list[int], at: datetime) -> int:
    del params, at
    return len((await restore_contacts(tx, _ids(before))).contact_ids)


CHANGES: Mapping[str, Change] = {
    "add_tag": Change(TagParams, _check_tag, _tag, _untag_again),
    "remove_tag": Change(TagParams, _check_tag, _untag, _tag_again),
    "subscribe": Change(ListParams, _check_list, _subscribe, _restore_statuses),
    "unsubscribe": Change(AnyListParams, _check_list, _unsubscribe, _restore_statuses),
    "set_field": Change(FieldParams, _check_field, _set_field, _restore_values),
    "set_owner": Change(OwnerParams, _check_owner, _set_owner, _restore_owners),
    "enroll": Change(AutomationParams, _check_automation, _enroll, _take_out),
    "delete": Change(NoParams, _check_nothing, _trash, _bring_back),
}
