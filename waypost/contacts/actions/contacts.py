"""Contacts: create, change, sync by address. Each is one statement with its facts and counts."""

from __future__ import annotations

from collections.abc import Mapping

import asyncpg
import orjson

from waypost.activities.entries import insert_facts
from waypost.contacts.actions.fields import stored_values
from waypost.contacts.addresses import normalise_email
from waypost.contacts.counts import CONTACTS, insert_changes
from waypost.contacts.errors import ContactNotFound, EmailInvalid, EmailTaken
from waypost.contacts.facts import ContactCreated, ContactUpdated, FieldChanged
from waypost.contacts.field_index import NOTHING, flagged, value_ctes
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Contact, Value
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

MAX_NAME = 250
RESULT = sql("id, email, first_name, last_name, phone, fields, created_at, updated_at")

# What follows a change, for statements that have the CTEs prior (as it was), written (as it is) and
# is_new in written: facts for what differs, a count for what is new.
_FACTS = """
    select id as contact_id, {created} as kind, null::bigint as object_id, null::jsonb as data from written where is_new
    union all
    select w.id, {updated}, null, null from written w join prior p on p.id = w.id
    where not w.is_new
      and (w.email, w.first_name, w.last_name, w.phone) is distinct from (p.email, p.first_name, p.last_name, p.phone)
    union all
    select w.id, {changed}, key::bigint,
           jsonb_strip_nulls(jsonb_build_object('old', p.fields -> key, 'new', w.fields -> key))
    from written w join prior p on p.id = w.id, unnest({keys}::text[]) as key
    where not w.is_new and w.fields -> key is distinct from p.fields -> key
    """


def _log(tx: Tx, keys: list[str]) -> Sql:
    rows = sql(
        _FACTS,
        created=ContactCreated.kind,
        updated=ContactUpdated.kind,
        changed=FieldChanged.kind,
        keys=keys,
    )
    return insert_facts(tx, rows)


def _clean(text: str | None) -> str | None:
    return None if text is None else text.replace("\x00", "").strip()[:MAX_NAME]


def _address(email: str) -> str:
    try:
        return normalise_email(email)
    except EmailInvalid as error:
        error.pointer = "/email"
        raise


async def _values(tx: Tx, given: Mapping[int, object] | None, *, is_new: bool) -> tuple[str, list[str], list[str], Sql]:
    """The values to set as JSON text, the keys to clear, all keys touched, and what keeps the index of `written`."""
    if not given and not is_new:
        return "{}", [], [], NOTHING
    fields = await list_fields(tx)
    stored: dict[str, Value] = stored_values(fields, given or {}, is_new=is_new)
    set_ = {key: value for key, value in stored.items() if value is not None}
    return (
        orjson.dumps(set_).decode(),
        [key for key in stored if key not in set_],
        list(stored),
        value_ctes(flagged(fields, stored), stored, sql("select id as contact_id from written")),
    )


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
    values, _, _, index = await _values(tx, fields, is_new=True)
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
            index=index,
            email=address,
            first_name=_clean(first_name),
            last_name=_clean(last_name),
            phone=_clean(phone),
            values=values,
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
    if made is None:
        raise EmailTaken(email=address, pointer="/email")
    tx.wake("facts")
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

    One round trip, two with custom fields. Nothing is written when nothing differs.
    """
    values, cleared, keys, index = await _values(tx, fields, is_new=False)
    statement = sql(
        """
        with prior as materialized (
            select * from contacts.contact
            where workspace_id = {workspace} and email = {email} and deleted_at is null for update
        ),
        written as (
            insert into contacts.contact as c
                (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
            select {workspace}, {email}, coalesce({first_name}::text, ''), coalesce({last_name}::text, ''),
                   coalesce({phone}::text, ''), {values}::jsonb, {now}, {now}
            from (select 1) as one left join prior on true
            on conflict (workspace_id, email) where deleted_at is null do update
            set first_name = coalesce({first_name}::text, c.first_name),
                last_name = coalesce({last_name}::text, c.last_name),
                phone = coalesce({phone}::text, c.phone),
                fields = (c.fields || excluded.fields) - {cleared}::text[],
                updated_at = excluded.updated_at
            where (c.first_name, c.last_name, c.phone, c.fields) is distinct from
                  (coalesce({first_name}::text, c.first_name), coalesce({last_name}::text, c.last_name),
                   coalesce({phone}::text, c.phone), (c.fields || excluded.fields) - {cleared}::text[])
            returning *, (xmax = 0) as is_new
        ),
        logged as ({log}), counted as ({count}) {index}
        select {result}, is_new, true as is_written from written
        union all
        select {result}, false, false from prior where not exists (select 1 from written)
        """,
        index=index,
        email=_address(email),
        first_name=_clean(first_name),
        last_name=_clean(last_name),
        phone=_clean(phone),
        values=values,
        cleared=cleared,
        result=RESULT,
        log=_log(tx, keys),
        count=insert_changes(
            sql("select {kind} as kind, 0 as object_id, count(*) as change from written where is_new", kind=CONTACTS)
        ),
    )
    row = await tx.maybe(statement)
    if row is None:  # Somebody else made exactly this contact between our look and our write.
        row = await tx.one(statement)
    if row["is_written"]:
        tx.wake("facts")
    return _contact(row), row["is_new"]


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
    values, cleared, keys, index = await _values(tx, fields, is_new=False)
    try:
        row = await tx.maybe(
            sql(
                """
                with prior as materialized (
                    select * from contacts.contact
                    where workspace_id = {workspace} and id = {id} and deleted_at is null for update
                ),
                wanted as materialized (
                    select id, case when {is_email_cleared} then null else coalesce({email}::text, email) end as email,
                           coalesce({first_name}::text, first_name) as first_name,
                           coalesce({last_name}::text, last_name) as last_name,
                           coalesce({phone}::text, phone) as phone,
                           (fields || {values}::jsonb) - {cleared}::text[] as fields
                    from prior
                ),
                written as (
                    update contacts.contact c
                    set email = w.email, first_name = w.first_name, last_name = w.last_name, phone = w.phone,
                        fields = w.fields, updated_at = {now}
                    from wanted w
                    where c.workspace_id = {workspace} and c.id = w.id
                      and (c.email, c.first_name, c.last_name, c.phone, c.fields)
                          is distinct from (w.email, w.first_name, w.last_name, w.phone, w.fields)
                    returning c.*, false as is_new
                ),
                logged as ({log}) {index}
                select {result}, true as is_written from written
                union all
                select {result}, false from prior where not exists (select 1 from written)
                """,
                index=index,
                id=contact_id,
                is_email_cleared=is_email_cleared,
                email=None if email is None or not email.strip() else _address(email),
                first_name=_clean(first_name),
                last_name=_clean(last_name),
                phone=_clean(phone),
                values=values,
                cleared=cleared,
                result=RESULT,
                log=_log(tx, keys),
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise EmailTaken(email=email, pointer="/email") from error
    if row is None:
        raise ContactNotFound(contact_id=contact_id)
    if row["is_written"]:
        tx.wake("facts")
    return _contact(row)


def _contact(row: asyncpg.Record) -> Contact:
    return Contact(*tuple(row)[:8])
