"""What somebody agreed to, when and in which words; how they stand now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waypost.contacts.errors import ConsentTextNotFound
from waypost.kernel.page import Page, decode_cursor, encode_cursor
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version of words that people agree to."""

    id: int
    name: str
    version: int
    body: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Consent:
    """A row of the ledger."""

    id: int
    channel: int
    list_id: int | None
    list_name: str | None
    is_given: bool
    text_id: int | None
    text_name: str | None
    text_version: int | None
    source: str
    reason: str
    ip: str
    proof: dict[str, Any]
    actor_kind: int
    actor_id: int | None
    created_at: datetime


_TEXT = sql("id, name, version, body, created_at")
_CONSENT = sql(
    """
    c.id, c.channel, c.list_id, l.name as list_name, c.is_given, c.text_id, t.name as text_name,
    t.version as text_version, c.source, c.reason, c.ip, c.proof, c.actor_kind, c.actor_id, c.created_at
    """
)


def _from(rows: Sql) -> Sql:
    return sql(
        """
        select {columns} from ({rows}) as c
        left join contacts.list l on l.workspace_id = {workspace} and l.id = c.list_id
        left join contacts.consent_text t on t.workspace_id = {workspace} and t.id = c.text_id
        """,
        columns=_CONSENT,
        rows=rows,
    )


async def list_consents_of(tx: ReadTx, contact_id: int, *, limit: int = 50, after: str | None = None) -> Page[Consent]:
    """The ledger of a contact, newest first."""
    before = TRUE
    if after is not None:
        (last,) = decode_cursor(after, int)
        before = sql("id < {last}", last=last)
    rows = sql(
        """
        select * from contacts.consent where workspace_id = {workspace} and contact_id = {id} and {before}
        order by id desc limit {limit}
        """,
        id=contact_id,
        before=before,
        limit=limit + 1,
    )
    found = await tx.all(sql("{all} order by c.id desc", all=_from(rows)), Consent)
    items = found[:limit]
    return Page(items, encode_cursor(items[-1].id) if len(found) > limit else None)


async def list_standing(tx: ReadTx, contact_id: int) -> list[Consent]:
    """The newest row of each channel and list: how the contact stands now."""
    rows = sql(
        """
        select distinct on (channel, list_id) * from contacts.consent
        where workspace_id = {workspace} and contact_id = {id} order by channel, list_id, id desc
        """,
        id=contact_id,
    )
    return await tx.all(sql("{all} order by c.channel, c.list_id nulls first", all=_from(rows)), Consent)


async def list_texts(tx: ReadTx) -> list[ConsentText]:
    """All versions of all texts, newest version first."""
    return await tx.all(
        sql(
            """
            select {columns} from contacts.consent_text where workspace_id = {workspace}
            order by lower(name), version desc
            """,
            columns=_TEXT,
        ),
        ConsentText,
    )


async def get_text(tx: ReadTx, text_id: int) -> ConsentText:
    found = await tx.maybe(
        sql(
            "select {columns} from contacts.consent_text where workspace_id = {workspace} and id = {id}",
            columns=_TEXT,
            id=text_id,
        ),
        ConsentText,
    )
    if found is None:
        raise ConsentTextNotFound(text_id=text_id, pointer="/text_id")
    return found
