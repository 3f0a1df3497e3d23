"""Contacts: create, change, sync by address. Each writes in one statement, with its facts and counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import asyncpg
import orjson

from waypost.activities.entries import insert_facts
from waypost.contacts.actions.fields import stored_values
from waypost.contacts.addresses import normalise_email
from waypost.contacts.counts import CONTACTS, insert_changes
from waypost.contacts.errors import ContactNotFound, EmailInvalid, EmailTaken
from waypost.contacts.facts import ContactCreated, ContactUpdated, FieldChanged
from waypost.contacts.field_index import flagged, value_ctes
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Contact, Field, Value
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

MAX_NAME = 250
_Fact = tuple[int, int | None, str | None]
"""Its kind, its object and its data as JSON."""
RESULT = sql("id, email, first_name, last_name, phone, fields, created_at, updated_at")


def _clean(text: str | None) -> str | None:
    return None if text is None else text.replace("\x00", "").strip()[:MAX_NAME]


def _address(email: str) -> str:
    try:
        return normalise_email(email)
    except EmailInvalid as error:
        error.pointer = "/email"
        raise


@dataclass(frozen=True, slots=True)
class _Given:
    """What to set, checked and as it is stored; None leaves a detail alone, and clears a custom field."""

    first_name: str | None
    last_name: str | None
    phone: str | None
    stored: dict[str, Value]
    flagged: Sequence[Field]

    @property
    def index(self) -> Sql:
        """CTEs that keep the index of the contacts in `written`."""
        return value_ctes(self.flagged, self.stored, sql("select id as contact_id from written"))

    def applied_to(self, fields: Mapping[str, Value]) -> dict[str, Value]:
        """The custom fields as they are afterwards."""
        return {key: value for key, value in {**fields, **self.stored}.items() if value is not None}


async def _given(
    tx: Tx,
    first_name: str | None,
    last_name: str | None,
    phone: str | None,
    fields: Mapping[int, object] | None,
    *,
    is_new: bool,
) -> _Given:
    stored: dict[str, Value] = {}
    indexed: Sequence[Field] = ()
    if fields or is_new:
        known = await list_fields(tx)
        stored = stored_values(known, fields or {}, is_new=is_new)
        indexed = flagged(known, stored)
    return _Given(_clean(first_name), _clean(last_name), _clean(phone), stored, indexed)


async def create_contact(
    tx: Tx,
    *,
    email: str | None,
    first_name: str = "",
    last_name: str = "",
    phone: str = "",
    fields: Mapping[int, object] | None = None,
) -> Contact:
    """A new contact; raises EmailTaken when the address is known."""
    address = None if email is None or not email.strip() else _address(email)
    made = await _insert(tx, address, await _given(tx, first_name, last_name, phone, fields, is_new=True))
    if made is None:
        raise EmailTaken(email=address, pointer="/email")
    return made


async def sync_contact(
    tx: Tx,
    *,
    email: str,
    first_name: str | None = None,
    last_name: str | None = None,
    phone: str | None = None,
    fields: Mapping[int, object] | None = None,
) -> tuple[Contact, bool]:
    """Create the contact with this address, or change what was given; returns it and whether it is new.

    Nothing is written when nothing differs.
    """
    address = _address(email)
    given = await _given(tx, first_name, last_name, phone, fields, is_new=False)
    while True:
        prior = await tx.maybe(_prior(sql("email = {email}::text", email=address)))
        # lint: no-row-loops because a turn is another try
        contact = await (_insert(tx, address, given) if prior is None else _change(tx, prior, address, given))
        if contact is not None:
            return contact, prior is None


async def update_contact(
    tx: Tx,
    contact_id: int,
    *,
    email: str | None = None,
    first_name: str | None = None,
    last_name: str | None = None,
    phone: str | None = None,
    fields: Mapping[int, object] | None = None,
    is_email_cleared: bool = False,
) -> Contact:
    """Change what was given; None leaves a value as it is."""
    address = None if email is None or not email.strip() else _address(email)
    given = await _given(tx, first_name, last_name, phone, fields, is_new=False)
    while True:
        prior = await tx.maybe(_prior(sql("id = {id}", id=contact_id)))
        if prior is None:
            raise ContactNotFound(contact_id=contact_id)
        wanted = None if is_email_cleared else address or prior["email"]
        try:
            # lint: no-row-loops because a turn is another try
            contact = await _change(tx, prior, wanted, given)
        except asyncpg.UniqueViolationError as error:
            raise EmailTaken(email=email, pointer="/email") from error
        if contact is not None:
            return contact


def _prior(which: Sql) -> Sql:
    """The contact as it is. Looking and writing are two small statements: a large one that does both, with all
    it might have to write, costs PostgreSQL 100 microseconds more, whether it writes or not.
    """
    return sql(
        """
        select {result}, xmin::text as seen from contacts.contact
        where workspace_id = {workspace} and {which} and deleted_at is null
        """,
        result=RESULT,
        which=which,
    )


async def _insert(tx: Tx, address: str | None, given: _Given) -> Contact | None:
    """A new contact with its fact and count; None when the address is known."""
    made = await tx.maybe(
        sql(
            """
            with written as (
                insert into contacts.contact
                    (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
                values ({workspace}, {email}::text, {first_name}, {last_name}, {phone}, {values}::jsonb, {now}, {now})
                on conflict (workspace_id, email) where deleted_at is null do nothing
                returning {result}
            ),
            logged as ({log}), counted as ({count}) {index}
            select {result} from written
            """,
            index=given.index,
            email=address,
            first_name=given.first_name or "",
            last_name=given.last_name or "",
            phone=given.phone or "",
            values=orjson.dumps(given.applied_to({})).decode(),
            result=RESULT,
            log=insert_facts(
                tx,
                sql(
                    "select id as contact_id, {kind} as kind, null::bigint as object_id, null::jsonb as data from written",
                    kind=ContactCreated.kind,
                ),
            ),
            count=insert_changes(
                sql("select {kind} as kind, 0 as object_id, count(*) as change from written", kind=CONTACTS)
            ),
        ),
        Contact,
    )
    if made is not None:
        tx.wake("facts")
    return made


async def _change(tx: Tx, prior: asyncpg.Record, address: str | None, given: _Given) -> Contact | None:
    """The contact with what was given, and facts for what differs; None when somebody changed it meanwhile."""
    old = Contact(*tuple(prior)[:8])
    new = replace(
        old,
        email=address,
        first_name=old.first_name if given.first_name is None else given.first_name,
        last_name=old.last_name if given.last_name is None else given.last_name,
        phone=old.phone if given.phone is None else given.phone,
        fields=given.applied_to(old.fields),
        updated_at=tx.now,
    )
    facts = _differences(old, new)
    if not facts:
        return old
    written = await tx.value(
        sql(
            """
            with written as (
                update contacts.contact
                set email = {email}::text, first_name = {first_name}, last_name = {last_name}, phone = {phone},
                    fields = {values}::jsonb, updated_at = {now}
                where workspace_id = {workspace} and id = {id} and deleted_at is null and xmin::text = {seen}
                returning id
            ) {index}
            {log} returning contact_id
            """,
            id=old.id,
            seen=prior["seen"],
            email=new.email,
            first_name=new.first_name,
            last_name=new.last_name,
            phone=new.phone,
            values=orjson.dumps(new.fields).decode(),
            log=insert_facts(tx, _entries(facts)),
            index=given.index,
        )
    )
    if written is None:
        return None
    tx.wake("facts")
    return new


def _entries(facts: Sequence[_Fact]) -> Sql:
    """The rows of the facts of the contact in `written`. One alone is the usual case, and half the price so."""
    kinds, objects, data = zip(*facts, strict=True)
    if len(facts) == 1:
        return sql(
            """
            select id as contact_id, {kind}::smallint as kind, {object_id}::bigint as object_id, {data}::jsonb as data
            from written
            """,
            kind=kinds[0],
            object_id=objects[0],
            data=data[0],
        )
    return sql(
        """
        select id as contact_id, kind, object_id, data::jsonb as data
        from written cross join unnest({kinds}::int[], {objects}::bigint[], {data}::text[]) as e (kind, object_id, data)
        """,
        kinds=list(kinds),
        objects=list(objects),
        data=list(data),
    )


def _differences(old: Contact, new: Contact) -> list[_Fact]:
    """The facts that tell what has changed."""
    facts: list[_Fact] = []
    if (old.email, old.first_name, old.last_name, old.phone) != (new.email, new.first_name, new.last_name, new.phone):
        facts.append((ContactUpdated.kind, None, None))
    for key in sorted({*old.fields, *new.fields}, key=int):
        before, after = old.fields.get(key), new.fields.get(key)
        if before != after:
            values = {name: value for name, value in (("old", before), ("new", after)) if value is not None}
            facts.append((FieldChanged.kind, int(key), orjson.dumps(values).decode()))
    return facts
