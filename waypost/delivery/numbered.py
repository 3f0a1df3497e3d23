"""Mails that were sent by row number, with totals; for dialects whose pages are numbered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from waypost.delivery.types import NOT_THEIRS, State
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class SentMail:
    """A mail that a contact was sent."""

    id: int
    contact_id: int
    email: str
    message_id: int
    source_kind: int
    source_id: int | None
    sent_at: datetime


async def list_mails_from(
    tx: ReadTx, *, contact_id: int | None = None, company_id: int | None = None, limit: int, offset: int
) -> tuple[list[SentMail], int]:
    """In the order they were asked for, of one contact or of a company's contacts; and how many there are."""
    where = _wanted(contact_id, company_id)
    rows = await tx.all(
        sql(
            """
            select l.id, l.contact_id, l.email, l.message_id, l.source_kind, l.source_id, l.sent_at
            from delivery.ledger l where l.workspace_id = {workspace} and {where}
            order by l.id limit {limit} offset {offset}
            """,
            where=where,
            limit=limit,
            offset=offset,
        ),
        SentMail,
    )
    if offset == 0 and len(rows) < limit:
        return rows, len(rows)
    total = await tx.value(
        sql("select count(*) from delivery.ledger l where l.workspace_id = {workspace} and {where}", where=where)
    )
    return rows, total


def _wanted(contact_id: int | None, company_id: int | None) -> Sql:
    sent = sql(
        "l.state = {sent} and l.sent_at is not null and l.contact_id is not null and l.source_kind <> all({not_theirs}::smallint[])",
        sent=int(State.SENT),
        not_theirs=[int(kind) for kind in NOT_THEIRS],
    )
    whose = TRUE if contact_id is None else sql("l.contact_id = {id}", id=contact_id)
    member = TRUE
    if company_id is not None:
        member = sql(
            """
            exists (select 1 from contacts.company_member m where m.workspace_id = {workspace}
                      and m.company_id = {id} and m.contact_id = l.contact_id)
            """,
            id=company_id,
        )
    return and_(sent, whose, member)
