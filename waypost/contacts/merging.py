"""Merging contacts: one stays, the others' rows move to it in every domain, in one transaction.

The registry's `personal` says which tables there are and what clashes; nothing here knows them. The
timeline is that of all of them, and an old id leads to the survivor (contacts.merged).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waypost.activities.actions import record
from waypost.contacts.actions.contacts import update_contact
from waypost.contacts.actions.owners import assign_owner
from waypost.contacts.actions.places import set_place
from waypost.contacts.audience import these
from waypost.contacts.duplicates import compare_contacts
from waypost.contacts.errors import ContactNotFound, MergeInvalid
from waypost.contacts.facts import ContactMerged
from waypost.contacts.merge_history import note_merge
from waypost.contacts.places import PARTS
from waypost.kernel.registry import Personal
from waypost.kernel.sql import Sql, and_, join, sql
from waypost.kernel.tx import Tx

MOST = 20
PLAIN = ("email", "first_name", "last_name", "phone", "owner_id", *PARTS)


@dataclass(frozen=True, slots=True)
class Person:
    """What a contact brings into a merge."""

    id: int
    email: str | None
    first_name: str
    last_name: str
    phone: str
    owner_id: int | None
    time_zone: str
    language: str
    country: str
    region: str
    city: str
    postal_code: str
    fields: dict[str, Any]
    updated_at: datetime

    def value(self, name: str) -> Any:
        return getattr(self, name) if name in PLAIN else self.fields.get(name.removeprefix("fields."))


async def merge_contacts(
    tx: Tx,
    survivor_id: int,
    other_ids: Sequence[int],
    *,
    choices: Mapping[str, int] | None = None,
    is_automatic: bool = False,
) -> None:
    """Make the others one with the survivor.

    `choices` names for a value (`email`, `phone`, `fields.7`, …) the contact whose value stays; else it
    is the newest one that is not empty.
    """
    others = [number for number in dict.fromkeys(other_ids) if number != survivor_id]
    if not others or len(others) > MOST:
        raise MergeInvalid(reason=f"name between 1 and {MOST} other contacts", pointer="/contact_ids")
    people = await _lock(tx, [survivor_id, *others])
    wanted = choose_values(people, choices or {})
    for person in people:
        if person.id != survivor_id:
            # lint: no-row-loops because few contacts are merged at once, and what clashes depends on the one before
            await note_merge(tx, survivor_id, person.id, is_automatic=is_automatic)
            # lint: no-row-loops because what clashes depends on the one before
            await _absorb(tx, survivor_id, person)
    survivor = next(person for person in people if person.id == survivor_id)
    await _write(tx, survivor, wanted)
    await compare_contacts(tx, [survivor_id])


async def _lock(tx: Tx, contact_ids: Sequence[int]) -> list[Person]:
    people = await tx.all(
        sql(
            """
            select id, email, first_name, last_name, phone, owner_id, time_zone, language, country, region, city,
                   postal_code, fields, updated_at
            from contacts.contact
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and deleted_at is null
            order by id for update
            """,
            ids=list(contact_ids),
        ),
        Person,
    )
    missing = set(contact_ids) - {person.id for person in people}
    if missing:
        raise ContactNotFound(contact_id=min(missing))
    return people


def choose_values(people: Sequence[Person], choices: Mapping[str, int]) -> dict[str, Any]:
    """The value of everything that any of them has: as chosen, else the newest that is not empty."""
    by_id = {person.id: person for person in people}
    newest = sorted(people, key=lambda person: (person.updated_at, person.id), reverse=True)
    keys = sorted({f"fields.{key}" for person in people for key in person.fields})
    for name, contact_id in choices.items():
        if name not in PLAIN and name not in keys:
            raise MergeInvalid(reason=f"{name} is no value of these contacts", pointer=f"/values/{name}")
        if contact_id not in by_id:
            raise MergeInvalid(reason=f"{contact_id} is none of these contacts", pointer=f"/values/{name}")
    out: dict[str, Any] = {}
    for name in (*PLAIN, *keys):
        if name in choices:
            out[name] = by_id[choices[name]].value(name)
        else:
            found = (person.value(name) for person in newest)
            out[name] = next((value for value in found if value not in (None, "", [])), None)
    return out


async def _absorb(tx: Tx, survivor_id: int, person: Person) -> None:
    pairs = sql(
        "select {gone}::bigint as contact_id, {survivor}::bigint as survivor_id", gone=person.id, survivor=survivor_id
    )
    tables = [item for item in reversed(tx.registry.personal) if item.table != "contacts.contact"]
    for item in tx.registry.personal:
        if item.settle is not None:
            # lint: no-row-loops because a turn is a table
            await item.settle(tx, pairs)
    for item in tables:
        for statement in moving(item, person.id, survivor_id):
            # lint: no-row-loops because a turn is a table
            await tx.run(statement)
    values: dict[str, object] = {name: person.value(name) for name in PLAIN if person.value(name)}
    fact = ContactMerged(old_id=person.id, values={**values, "fields": person.fields})
    await record(tx, fact, sql("select {id} as contact_id", id=survivor_id))
    await tx.run(
        sql(
            """
            with gone as (
                delete from contacts.contact where workspace_id = {workspace} and id = {gone}
                returning id, created_at
            ),
            kept as (
                update contacts.contact c set created_at = least(c.created_at, gone.created_at), updated_at = {now}
                from gone where c.workspace_id = {workspace} and c.id = {survivor}
            )
            insert into contacts.merged (workspace_id, old_id, contact_id, created_at)
            select {workspace}, id, {survivor}, {now} from gone
            """,
            gone=person.id,
            survivor=survivor_id,
        )
    )


def moving(item: Personal, gone: int, survivor: int) -> list[Sql]:
    """The statements that bring one table's rows to the survivor."""
    table, column = Sql(item.table), Sql(item.column)
    of_gone = sql("t.workspace_id = {workspace} and t.{column} = {gone}", column=column, gone=gone)
    if item.is_derived:
        return [sql("delete from {table} t where {of_gone}", table=table, of_gone=of_gone)]
    move = sql(
        "update {table} t set {column} = {survivor} where {of_gone}",
        table=table,
        column=column,
        survivor=survivor,
        of_gone=of_gone,
    )
    if item.key is None:
        return [move]
    clash = and_(
        sql("o.workspace_id = {workspace} and o.{column} = {survivor}", column=column, survivor=survivor),
        *[sql("o.{name} = t.{name}", name=Sql(name)) for name in item.key],
    )
    both = sql("{of_gone} and {clash}", of_gone=of_gone, clash=clash)
    statements = [sql("delete from {table} t using {table} o where {both}", table=table, both=both), move]
    combined = [sql("{name} = o.{name} + t.{name}", name=Sql(name)) for name in item.sums]
    combined += [sql("{name} = greatest(o.{name}, t.{name})", name=Sql(name)) for name in item.latest]
    if combined:
        set_ = join(", ", combined)
        text = "update {table} o set {set_} from {table} t where {both}"
        statements.insert(0, sql(text, table=table, set_=set_, both=both))
    if item.newest is not None:
        newer = sql("{both} and t.{at} > o.{at}", both=both, at=Sql(item.newest))
        statements.insert(0, sql("delete from {table} o using {table} t where {newer}", table=table, newer=newer))
    return statements


async def _write(tx: Tx, survivor: Person, wanted: Mapping[str, Any]) -> None:
    """Give the survivor what was chosen, with the facts of any other change."""
    fields = {
        int(name.removeprefix("fields.")): value
        for name, value in wanted.items()
        if name.startswith("fields.") and value != survivor.value(name)
    }
    await update_contact(
        tx,
        survivor.id,
        email=wanted["email"],
        first_name=wanted["first_name"] or "",
        last_name=wanted["last_name"] or "",
        phone=wanted["phone"] or "",
        fields=fields,
        is_email_cleared=wanted["email"] is None,
    )
    await set_place(tx, {part: wanted[part] or "" for part in PARTS}, these([survivor.id]))
    if wanted["owner_id"] != survivor.owner_id:
        await assign_owner(tx, wanted["owner_id"], these([survivor.id]))
