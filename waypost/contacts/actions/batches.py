"""A few hundred contacts at once through the API: merged by address in a handful of statements, all or none.

Who cannot be taken (no address, a value that does not fit) is named among the failures; the others come in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import uuid4

import orjson

from waypost.contacts.actions.companies import ensure_companies
from waypost.contacts.actions.fields import stored_values
from waypost.contacts.actions.members import link_members
from waypost.contacts.actions.staged import ensure_statistics, merge_rows
from waypost.contacts.actions.subscriptions import link_lists, lock_lists
from waypost.contacts.actions.tags import ensure_tags, link_tags
from waypost.contacts.addresses import normalise_email
from waypost.contacts.queries.batches import Batch
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Field, Status
from waypost.kernel.errors import Failure
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

KEPT = timedelta(days=30)
MAX_NAME = 250
SOURCE = "api"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One contact of a batch as it was sent."""

    email: str
    first_name: str = ""
    last_name: str = ""
    phone: str = ""
    company: str = ""
    fields: Mapping[int, object] = field(default_factory=dict[int, object])
    tags: Sequence[str] = ()
    subscribe: Sequence[int] = ()
    unsubscribe: Sequence[int] = ()


async def merge_batch(tx: Tx, people: Sequence[Incoming]) -> Batch:
    """Create or change everyone in the batch; of an address that comes twice the last one counts."""
    taken, failures = _checked(await list_fields(tx), people)
    await lock_lists(
        tx, sorted({list_id for one, _ in taken.values() for list_id in (*one.subscribe, *one.unsubscribe)})
    )
    if taken:
        merged = await merge_rows(
            tx,
            _rows(taken),
            tags=sql("select 0::bigint as tag_code, 0::bigint as tag_id where false"),
            tag_ids=[],
            list_ids=[],
            rule="update",
            source=SOURCE,
        )
        if merged.created:
            await ensure_statistics(tx)
    ids = await _ids(tx, list(taken))
    await _connect(tx, {ids[email]: one for email, (one, _) in taken.items()})
    return await _note(tx, list(ids.values()), failures)


def _checked(
    fields: Sequence[Field], people: Sequence[Incoming]
) -> tuple[dict[str, tuple[Incoming, dict[str, object]]], list[str]]:
    """Who can be taken, by address, with stored values; and the addresses of who cannot."""
    taken: dict[str, tuple[Incoming, dict[str, object]]] = {}
    failures: list[str] = []
    for one in people:
        try:
            email = normalise_email(one.email)
            values = stored_values(fields, one.fields)
        except Failure:
            failures.append(one.email[:320])
            continue
        taken[email] = one, {key: value for key, value in values.items() if value is not None}
    return taken, failures


def _text(text: str) -> str:
    return text.replace("\x00", "").strip()[:MAX_NAME]


def _rows(taken: Mapping[str, tuple[Incoming, dict[str, object]]]) -> Sql:
    rows = [
        {
            "number": number,
            "email": email,
            "first_name": _text(one.first_name),
            "last_name": _text(one.last_name),
            "phone": _text(one.phone),
            "fields": values,
        }
        for number, (email, (one, values)) in enumerate(taken.items())
    ]
    return sql(
        """
        select g.*, null::bigint as tag_code
        from jsonb_to_recordset({rows}::jsonb) as g
            (number bigint, email text, first_name text, last_name text, phone text, fields jsonb)
        """,
        rows=orjson.dumps(rows).decode(),
    )


async def _ids(tx: Tx, emails: Sequence[str]) -> dict[str, int]:
    rows = await tx.all(
        sql(
            """
            select email, id from contacts.contact
            where workspace_id = {workspace} and deleted_at is null and email = any({emails}::text[])
            """,
            emails=list(emails),
        )
    )
    return {row["email"]: row["id"] for row in rows}


async def _connect(tx: Tx, people: Mapping[int, Incoming]) -> None:
    """Give everyone their tags, lists and company."""
    tags = await ensure_tags(tx, [name for one in people.values() for name in one.tags])
    tagged = [(key, tags[name.strip().lower()]) for key, one in people.items() for name in one.tags if name.strip()]
    if tagged:
        await link_tags(tx, _pairs(tagged, sql("tag_id")))
    for status, wanted in ((Status.ACTIVE, "subscribe"), (Status.UNSUBSCRIBED, "unsubscribe")):
        listed = [(key, list_id) for key, one in people.items() for list_id in getattr(one, wanted)]
        if listed:
            # lint: no-row-loops because a turn is one of two states
            await link_lists(
                tx, _pairs(listed, sql("list_id")), status=status, source=SOURCE, is_forced=status is not Status.ACTIVE
            )
    companies = await ensure_companies(tx, [one.company for one in people.values()])
    employed = [(key, companies[one.company]) for key, one in people.items() if one.company in companies]
    if employed:
        pairs = _pairs(employed, sql("company_id"))
        await link_members(
            tx, sql("select *, '' as job_title, false as is_primary from ({pairs}) as pairs", pairs=pairs)
        )


def _pairs(pairs: Sequence[tuple[int, int]], name: Sql) -> Sql:
    return sql(
        "select distinct * from unnest({contact_ids}::bigint[], {object_ids}::bigint[]) as given (contact_id, {name})",
        contact_ids=[contact_id for contact_id, _ in pairs],
        object_ids=[object_id for _, object_id in pairs],
        name=name,
    )


async def _note(tx: Tx, contact_ids: Sequence[int], failures: Sequence[str]) -> Batch:
    """Keep what became of the batch, and forget batches nobody asks for any more."""
    await tx.run(
        sql(
            "delete from contacts.batch where workspace_id = {workspace} and created_at < {before}",
            before=tx.now - KEPT,
        )
    )
    token = uuid4()
    await tx.run(
        sql(
            """
            insert into contacts.batch (workspace_id, token, contact_ids, failures, created_at)
            values ({workspace}, {token}, {contact_ids}::bigint[], {failures}::text[], {now})
            """,
            token=token,
            contact_ids=sorted(contact_ids),
            failures=list(failures),
        )
    )
    return Batch(token, sorted(contact_ids), list(failures), tx.now)
