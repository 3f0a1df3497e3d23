"""What an automation can do with contacts. Changes of one pass are written together, set by set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import groupby
from typing import Annotated

import msgspec
import orjson

from waypost.contacts.actions.each_value import write_each
from waypost.contacts.actions.fields import write_values
from waypost.contacts.actions.members import link_company, lock_companies, unlink_company
from waypost.contacts.actions.notes import MAX_TEXT, add_notes
from waypost.contacts.actions.owners import assign_owner as set_owner
from waypost.contacts.actions.subscriptions import link_lists, lock_lists, unlink_lists, unsubscribe
from waypost.contacts.actions.tags import link_tags, lock_tag, unlink_tags
from waypost.contacts.actions.trash import delete_contacts
from waypost.contacts.arithmetic import Operation, Unreckonable, reckon
from waypost.contacts.audience import these
from waypost.contacts.errors import ValueInvalid
from waypost.contacts.queries.fields import get_field
from waypost.contacts.types import Status, Value
from waypost.contacts.values import normalise_value
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, End, Step
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

Id = Annotated[int, msgspec.Meta(ge=1)]
SOURCE = "automation"


class TagStep(Model):
    tag_id: Id


class ListStep(Model):
    list_id: Id


class FieldStep(Model):
    field_id: Id
    value: str | int | float | list[str] | None = None


class NoteStep(Model):
    body: Annotated[str, msgspec.Meta(min_length=1, max_length=MAX_TEXT)]


class OwnerStep(Model):
    """Several owners take turns by the contact's id, so that passing again changes nothing."""

    owner_ids: list[Id]

    def __post_init__(self) -> None:
        if not self.owner_ids:
            raise ValueError("choose at least one owner")


class CalculateStep(Model):
    """By a number, or by the value of another field (of dates: so many days). `copy` takes the other's value."""

    field_id: Id
    operation: Operation
    value: float | None = None
    from_field_id: Id | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.from_field_id is None):
            raise ValueError("give either a number or another field")
        if self.operation == "copy" and self.from_field_id is None:
            raise ValueError("choose the field to copy")


class CompanyStep(Model):
    company_id: Id


class NoSettings(Model):
    """Nothing to set."""


async def add_tag(tx: Tx, batch: Batch, params: TagStep) -> None:
    await lock_tag(tx, params.tag_id)
    batch.defer(flush_tags, batch.contact_ids, (True, params.tag_id))


async def remove_tag(tx: Tx, batch: Batch, params: TagStep) -> None:
    await lock_tag(tx, params.tag_id)
    batch.defer(flush_tags, batch.contact_ids, (False, params.tag_id))


async def add_to_list(tx: Tx, batch: Batch, params: ListStep) -> None:
    await lock_lists(tx, [params.list_id])
    batch.defer(flush_lists, batch.contact_ids, (True, params.list_id))


async def remove_from_list(tx: Tx, batch: Batch, params: ListStep) -> None:
    await lock_lists(tx, [params.list_id])
    batch.defer(flush_lists, batch.contact_ids, (False, params.list_id))


async def update_field(tx: Tx, batch: Batch, params: FieldStep) -> None:
    stored = normalise_value(await get_field(tx, params.field_id), params.value)
    batch.defer(flush_fields, batch.contact_ids, (str(params.field_id), stored))


async def add_note(tx: Tx, batch: Batch, params: NoteStep) -> None:
    del tx
    batch.defer(flush_notes, batch.contact_ids, params.body)


async def assign_owner(tx: Tx, batch: Batch, params: OwnerStep) -> None:
    del tx
    count = len(params.owner_ids)
    for place, owner_id in enumerate(params.owner_ids):
        mine = [contact_id for contact_id in batch.contact_ids if contact_id % count == place]
        batch.defer(flush_owners, mine, owner_id)


async def calculate(tx: Tx, batch: Batch, params: CalculateStep) -> None:
    """Written at once, as a later step may reckon with the result."""
    field = await get_field(tx, params.field_id)
    if params.from_field_id is not None:
        await get_field(tx, params.from_field_id)
    rows = await tx.all(
        sql(
            """
            select id, fields -> {key} as old, fields -> {other} as other from contacts.contact
            where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            key=str(params.field_id),
            other=str(params.from_field_id or 0),
            ids=list(batch.contact_ids),
        )
    )
    values: dict[int, Value] = {}
    for row in rows:
        operand = row["other"] if params.from_field_id is not None else params.value
        try:
            values[row["id"]] = reckon(field, params.operation, row["old"], operand)
        except (Unreckonable, ValueInvalid) as error:
            batch.park([row["id"]], str(error))
    await write_each(tx, params.field_id, values)


async def join_company(tx: Tx, batch: Batch, params: CompanyStep) -> None:
    await lock_companies(tx, [params.company_id])
    batch.defer(flush_companies, batch.contact_ids, (True, params.company_id))


async def leave_company(tx: Tx, batch: Batch, params: CompanyStep) -> None:
    await lock_companies(tx, [params.company_id])
    batch.defer(flush_companies, batch.contact_ids, (False, params.company_id))


async def unsubscribe_all(tx: Tx, batch: Batch, params: NoSettings) -> None:
    """From every list; written at once, as nothing else of this pass may come between."""
    del params
    await unsubscribe(tx, None, these(batch.contact_ids), source=SOURCE)


async def delete_contact(tx: Tx, batch: Batch, params: NoSettings) -> End:
    """To the trash, from where a person can take them back for a month."""
    del params
    await delete_contacts(tx, these(batch.contact_ids))
    return End()


Deferred = list[tuple[Sequence[int], tuple[bool, int]]]


async def flush_tags(tx: Tx, items: Deferred) -> None:
    """Neighbouring additions (or removals) of any tags are one statement; their order is kept."""
    for is_added, run in groupby(items, key=lambda item: item[1][0]):
        pairs = _pairs([(ids, tag_id) for ids, (_, tag_id) in run], is_tag=True)
        # lint: no-row-loops because a turn is a run of additions or removals, not a contact
        await (link_tags(tx, pairs) if is_added else unlink_tags(tx, pairs))


async def flush_lists(tx: Tx, items: Deferred) -> None:
    """Like `flush_tags`. Who unsubscribed or bounced is not brought back by an automation."""
    for is_added, run in groupby(items, key=lambda item: item[1][0]):
        pairs = _pairs([(ids, list_id) for ids, (_, list_id) in run], is_tag=False)
        if is_added:
            # lint: no-row-loops because a turn is a run of additions or removals, not a contact
            await link_lists(tx, pairs, status=Status.ACTIVE, source=SOURCE, is_forced=False)
        else:
            # lint: no-row-loops because a turn is a run of additions or removals, not a contact
            await unlink_lists(tx, pairs, status=Status.UNSUBSCRIBED, source=SOURCE)


def _pairs(items: list[tuple[Sequence[int], int]], *, is_tag: bool) -> Sql:
    contact_ids = [contact_id for ids, _ in items for contact_id in ids]
    object_ids = [object_id for ids, object_id in items for _ in ids]
    if is_tag:
        return sql(
            "select * from unnest({contact_ids}::bigint[], {object_ids}::bigint[]) as given (contact_id, tag_id)",
            contact_ids=contact_ids,
            object_ids=object_ids,
        )
    return sql(
        "select * from unnest({contact_ids}::bigint[], {object_ids}::bigint[]) as given (contact_id, list_id)",
        contact_ids=contact_ids,
        object_ids=object_ids,
    )


async def flush_fields(tx: Tx, items: list[tuple[Sequence[int], tuple[str, object]]]) -> None:
    """Each contact is written once, whatever number of its fields change; equal changes go together.

    A field that a contact is given twice is written twice, so that the log does not depend on who else
    is on the way.
    """
    for changes in _rounds(items):
        groups: dict[bytes, list[int]] = defaultdict(list)
        for contact_id in sorted(changes):
            groups[orjson.dumps(changes[contact_id], option=orjson.OPT_SORT_KEYS)].append(contact_id)
        for patch, ids in groups.items():
            # lint: no-row-loops because a turn is a set of contacts with the same change
            await write_values(tx, orjson.loads(patch), ids)


def _rounds(items: list[tuple[Sequence[int], tuple[str, object]]]) -> list[dict[int, dict[str, object]]]:
    """Changes by contact, in as many rounds as one contact is given the same field."""
    rounds: list[dict[int, dict[str, object]]] = []
    turns: dict[tuple[int, str], int] = defaultdict(int)
    for ids, (key, stored) in items:
        for contact_id in ids:
            turn = turns[contact_id, key]
            turns[contact_id, key] += 1
            if turn == len(rounds):
                rounds.append(defaultdict(dict))
            rounds[turn][contact_id][key] = stored
    return rounds


async def flush_notes(tx: Tx, items: list[tuple[Sequence[int], str]]) -> None:
    for contact_ids, body in items:
        # lint: no-row-loops because a turn is a note, for everyone who gets it
        await add_notes(tx, contact_ids, body)


async def flush_companies(tx: Tx, items: Deferred) -> None:
    for contact_ids, (is_member, company_id) in items:
        change = link_company if is_member else unlink_company
        # lint: no-row-loops because a turn is a company, not a contact
        await change(tx, company_id, these(contact_ids))


async def flush_owners(tx: Tx, items: list[tuple[Sequence[int], int]]) -> None:
    for contact_ids, owner_id in items:
        # lint: no-row-loops because a turn is an owner, not a contact
        await set_owner(tx, owner_id, these(contact_ids))


STEPS = (
    Step("add_tag", "Add tag", "contact", "tag", TagStep, add_tag),
    Step("remove_tag", "Remove tag", "contact", "tag-off", TagStep, remove_tag),
    Step("update_field", "Update field", "contact", "forms", FieldStep, update_field),
    Step("add_to_list", "Add to list", "contact", "list-check", ListStep, add_to_list),
    Step("remove_from_list", "Remove from list", "contact", "list-x", ListStep, remove_from_list),
    Step("assign_owner", "Assign owner", "contact", "user", OwnerStep, assign_owner),
    Step("add_note", "Add note", "contact", "note", NoteStep, add_note),
    Step("calculate_field", "Calculate field", "contact", "calculator", CalculateStep, calculate, reads=True),
    Step("join_company", "Add to company", "contact", "building", CompanyStep, join_company),
    Step("leave_company", "Remove from company", "contact", "building-off", CompanyStep, leave_company),
    Step(
        "unsubscribe_all", "Unsubscribe from all lists", "contact", "mail-off", NoSettings, unsubscribe_all, reads=True
    ),
    Step("delete_contact", "Delete contact", "contact", "trash", NoSettings, delete_contact, reads=True),
)
