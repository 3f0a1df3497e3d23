"""Pages by row number, with exact totals, for callers who count rows instead of following a cursor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from waypost.activities.types import Audience
from waypost.contacts.audience import matching
from waypost.contacts.counts import LIST, TAG, counts_of
from waypost.contacts.queries.contacts import count_contacts
from waypost.contacts.types import Contact, ContactTag, Filter, List, Subscription, Tag, Value
from waypost.kernel.sql import TRUE, Sql, and_, join, sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class Slice:
    """How many rows and from which on."""

    limit: int
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Parts of a contact filter that only callers with row numbers ask for."""

    email_part: str = ""
    phone_prefix: str = ""
    id_greater: int | None = None
    id_less: int | None = None
    not_id: int | None = None
    among: Audience | None = None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One value of one contact, with the contact's times."""

    contact_id: int
    field_id: int
    value: Value
    created_at: datetime
    updated_at: datetime


NO_NARROWING = Narrowing()
_UP: Mapping[str, Sql] = {
    "id": sql("c.id"),
    "created_at": sql("c.created_at, c.id"),
    "updated_at": sql("c.updated_at, c.id"),
    "email": sql("c.email, c.id"),
    "first_name": sql('lower(c.first_name) collate "C", c.id'),
    "last_name": sql('lower(c.last_name) collate "C", lower(c.first_name) collate "C", c.id'),
}
_DOWN: Mapping[str, Sql] = {
    "id": sql("c.id desc"),
    "created_at": sql("c.created_at desc, c.id desc"),
    "updated_at": sql("c.updated_at desc, c.id desc"),
    "email": sql("c.email desc, c.id desc"),
    "first_name": sql('lower(c.first_name) collate "C" desc, c.id desc'),
    "last_name": sql('lower(c.last_name) collate "C" desc, lower(c.first_name) collate "C" desc, c.id desc'),
}


async def list_contacts_from(
    tx: ReadTx,
    rows: Slice,
    wanted: Filter,
    *,
    narrowing: Narrowing = NO_NARROWING,
    order: str = "id",
    is_descending: bool = False,
) -> tuple[list[Contact], int]:
    """Contacts and how many there are in all; `order` is a column of the contact."""
    where = and_((await matching(tx, wanted)).where, *_narrow(narrowing))
    found = await tx.all(
        sql(
            """
            select c.id, c.email, c.first_name, c.last_name, c.phone, c.fields, c.created_at, c.updated_at
            from contacts.contact c where c.workspace_id = {workspace} and {where}
            order by {order} limit {limit} offset {offset}
            """,
            where=where,
            order=(_DOWN if is_descending else _UP)[order],
            limit=rows.limit,
            offset=rows.offset,
        )
    )
    # By position: names would cost a microsecond a row.
    contacts = [Contact(*row) for row in found]
    if 0 < len(contacts) < rows.limit:
        return contacts, rows.offset + len(contacts)
    if narrowing == NO_NARROWING:
        return contacts, await count_contacts(tx, wanted)
    total = await tx.value(
        sql("select count(*) from contacts.contact c where c.workspace_id = {workspace} and {where}", where=where)
    )
    return contacts, total


def _narrow(wanted: Narrowing) -> list[Sql]:
    parts: list[Sql] = []
    if wanted.email_part:
        parts.append(sql("strpos(c.email, {part}) > 0", part=wanted.email_part.lower()))
    if wanted.phone_prefix:
        parts.append(sql("starts_with(c.phone, {prefix})", prefix=wanted.phone_prefix))
    if wanted.id_greater is not None:
        parts.append(sql("c.id > {id}", id=wanted.id_greater))
    if wanted.id_less is not None:
        parts.append(sql("c.id < {id}", id=wanted.id_less))
    if wanted.not_id is not None:
        parts.append(sql("c.id <> {id}", id=wanted.not_id))
    if wanted.among is not None:
        parts.append(sql("c.id in (select who.contact_id from ({among}) as who)", among=wanted.among))
    return parts


@dataclass(frozen=True, slots=True)
class NameFilter:
    """Which tags or lists are wanted, by name; every part that is set narrows it."""

    contains: str = ""
    starts_with: str = ""
    equals: str = ""


def _named(wanted: NameFilter) -> Sql:
    parts = [TRUE]
    if wanted.contains:
        parts.append(sql("strpos(lower(name), lower({text})) > 0", text=wanted.contains))
    if wanted.starts_with:
        parts.append(sql("starts_with(lower(name), lower({text}))", text=wanted.starts_with))
    if wanted.equals:
        parts.append(sql("lower(name) = lower({text})", text=wanted.equals))
    return and_(*parts)


async def list_tags_from(tx: ReadTx, rows: Slice, wanted: NameFilter) -> tuple[list[Tag], int]:
    """Tags in the order they were made, and how many there are."""
    where = _named(wanted)
    tags = await tx.all(
        sql(
            """
            select id, name, description, created_at from contacts.tag
            where workspace_id = {workspace} and {where} order by id limit {limit} offset {offset}
            """,
            where=where,
            limit=rows.limit,
            offset=rows.offset,
        ),
        Tag,
    )
    total = await tx.value(
        sql("select count(*) from contacts.tag where workspace_id = {workspace} and {where}", where=where)
    )
    counts = await counts_of(tx, TAG, [tag.id for tag in tags])
    return [replace(tag, contact_count=counts.get(tag.id, 0)) for tag in tags], total


async def list_lists_from(tx: ReadTx, rows: Slice, wanted: NameFilter) -> tuple[list[List], int]:
    """Lists in the order they were made, and how many there are."""
    where = _named(wanted)
    lists = await tx.all(
        sql(
            """
            select id, name, slug, sender_url, sender_reminder, created_at, updated_at from contacts.list
            where workspace_id = {workspace} and {where} order by id limit {limit} offset {offset}
            """,
            where=where,
            limit=rows.limit,
            offset=rows.offset,
        ),
        List,
    )
    total = await tx.value(
        sql("select count(*) from contacts.list where workspace_id = {workspace} and {where}", where=where)
    )
    counts = await counts_of(tx, LIST, [item.id for item in lists])
    return [replace(item, contact_count=counts.get(item.id, 0)) for item in lists], total


def _equal(columns: Mapping[str, int | None]) -> Sql:
    """Equality on those of the known columns that have a value."""
    known = {
        "contact_id": sql("contact_id = {value}", value=columns.get("contact_id")),
        "tag_id": sql("tag_id = {value}", value=columns.get("tag_id")),
        "list_id": sql("list_id = {value}", value=columns.get("list_id")),
        "status": sql("status = {value}", value=columns.get("status")),
        "field_id": sql("field_id = {value}", value=columns.get("field_id")),
    }
    return and_(TRUE, *[known[name] for name, value in columns.items() if value is not None])


async def list_contact_tags_from(
    tx: ReadTx, rows: Slice, *, contact_id: int | None = None, tag_id: int | None = None
) -> tuple[list[ContactTag], int]:
    """Who has which tag, and how many such pairs there are."""
    where = _equal({"contact_id": contact_id, "tag_id": tag_id})
    found = await tx.all(
        sql(
            """
            select contact_id, tag_id, created_at from contacts.contact_tag
            where workspace_id = {workspace} and {where}
            order by contact_id, tag_id limit {limit} offset {offset}
            """,
            where=where,
            limit=rows.limit,
            offset=rows.offset,
        ),
        ContactTag,
    )
    total = await tx.value(
        sql("select count(*) from contacts.contact_tag where workspace_id = {workspace} and {where}", where=where)
    )
    return found, total


async def list_subscriptions_from(
    tx: ReadTx,
    rows: Slice,
    *,
    contact_id: int | None = None,
    list_id: int | None = None,
    status: int | None = None,
) -> tuple[list[Subscription], int]:
    """Who is on which list, and how many such pairs there are."""
    where = _equal({"contact_id": contact_id, "list_id": list_id, "status": status})
    found = await tx.all(
        sql(
            """
            select contact_id, list_id, status, source, subscribed_at, unsubscribed_at, created_at, updated_at
            from contacts.subscription where workspace_id = {workspace} and {where}
            order by contact_id, list_id limit {limit} offset {offset}
            """,
            where=where,
            limit=rows.limit,
            offset=rows.offset,
        ),
        Subscription,
    )
    total = await tx.value(
        sql("select count(*) from contacts.subscription where workspace_id = {workspace} and {where}", where=where)
    )
    return found, total


async def list_field_values_from(
    tx: ReadTx, rows: Slice, *, contact_id: int | None = None, field_id: int | None = None, value: str | None = None
) -> tuple[list[FieldValue], int]:
    """Values of custom fields, and how many there are; `value` is compared as text."""
    where = join(
        " and ",
        [
            _equal({"contact_id": contact_id, "field_id": field_id}),
            TRUE if value is None else sql("value #>> '{{}}' = {value}", value=value),
        ],
    )
    each = sql(
        """
        select * from (
            select c.id as contact_id, f.key::bigint as field_id, f.value, c.created_at, c.updated_at
            from contacts.contact c cross join lateral jsonb_each(c.fields) as f (key, value)
            where c.workspace_id = {workspace} and c.deleted_at is null
        ) as v where {where}
        """,
        where=where,
    )
    found = await tx.all(
        sql(
            "{each} order by contact_id, field_id limit {limit} offset {offset}",
            each=each,
            limit=rows.limit,
            offset=rows.offset,
        ),
        FieldValue,
    )
    return found, await tx.value(sql("select count(*) from ({each}) as each", each=each))


def one_contact_values(contact: Contact, only: Sequence[int] | None = None) -> list[FieldValue]:
    """The values a contact at hand has, or those of the fields named."""
    keys = sorted(int(key) for key in contact.fields) if only is None else only
    return [
        FieldValue(contact.id, key, contact.fields.get(str(key)), contact.created_at, contact.updated_at)
        for key in keys
    ]
