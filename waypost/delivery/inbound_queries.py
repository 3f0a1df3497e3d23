"""Reads about what came in: a contact's bounces and replies, a message's bounces by cause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class KeptNotice:
    """A bounce, complaint or reply as a person reads it."""

    ledger_id: int
    contact_id: int | None
    message_id: int
    message_name: str
    email: str
    what: int
    severity: int | None
    cause: str
    status: str
    diagnostic: str
    reporter: str
    source: str
    subject: str
    body: str
    received_at: datetime


@dataclass(frozen=True, slots=True)
class CauseCount:
    """How many of a message's recipients bounced for a reason."""

    what: int
    severity: int | None
    cause: str
    count: int


async def list_notices(
    tx: ReadTx, *, contact_id: int | None = None, message_id: int | None = None
) -> Sequence[KeptNotice]:
    """The last hundred of a contact or of a message, the newest first."""
    if contact_id is not None:
        return await _list(tx, sql("n.contact_id = {id}", id=contact_id))
    return await _list(tx, sql("n.message_id = {id}", id=message_id))


async def _list(tx: ReadTx, of: Sql) -> Sequence[KeptNotice]:
    return await tx.all(
        sql(
            """
            select n.ledger_id, n.contact_id, n.message_id, coalesce(m.name, '') as message_name,
                   coalesce(l.email, '') as email, n.what, n.severity, n.cause, n.status, n.diagnostic, n.reporter,
                   n.source, n.subject, n.body, n.received_at
            from delivery.notice n
            left join delivery.ledger l on l.workspace_id = n.workspace_id and l.id = n.ledger_id
            left join messages.message m on m.workspace_id = n.workspace_id and m.id = n.message_id
            where n.workspace_id = {workspace} and {of}
            order by n.received_at desc, n.ledger_id desc, n.key limit 100
            """,
            of=of,
        ),
        KeptNotice,
    )


async def count_causes(tx: ReadTx, message_id: int) -> Sequence[CauseCount]:
    """A message's bounces, complaints and replies by cause, the most frequent first."""
    return await tx.all(
        sql(
            """
            select what, severity, cause, count(*) as count from delivery.notice
            where workspace_id = {workspace} and message_id = {message_id}
            group by what, severity, cause order by count(*) desc, what, cause
            """,
            message_id=message_id,
        ),
        CauseCount,
    )
