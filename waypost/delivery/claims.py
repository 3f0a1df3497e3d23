"""The outbox's statements: take due rows, fetch what their messages need, settle what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from waypost.activities.engagement import keep_engagement
from waypost.activities.entries import insert_facts
from waypost.delivery.facts import MessageFailed, MessageSent
from waypost.delivery.refusal import DELETED, refusal
from waypost.delivery.types import State
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

LEASE = timedelta(minutes=15)
BACK_OFF = (
    timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=20), timedelta(hours=1),
    timedelta(hours=3), timedelta(hours=8), timedelta(hours=12), timedelta(hours=24),
)  # fmt: skip
"""Pauses after each failed attempt; after the last the message has failed."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A ledger row taken for sending."""

    id: int
    message_id: int
    contact_id: int | None
    email: str
    attempts: int
    is_test: bool
    """Goes out whether or not the contact is subscribed: a test, a question whether they want to be, a friend's copy."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row."""

    id: int
    state: State
    code: int | None
    reply: str | None
    attempts: int
    due_at: datetime


def due_workspaces() -> Sql:
    """Workspaces with something to send, expired leases included."""
    return sql(
        """
        select w.id as workspace_id from identity.workspace w
        where exists (select 1 from delivery.ledger l
                      where l.workspace_id = w.id and l.state in (0, 1) and l.due_at <= {now})
        """
    )


async def claim(tx: Tx, journal_id: int, limit: int) -> list[Claimed]:
    """Take rows that are due, or whose sender let its lease pass; the lease is their new due_at."""
    return await tx.all(
        sql(
            """
            with due as materialized (
                select id from delivery.ledger
                where workspace_id = {workspace} and state in (0, 1) and due_at <= {now}
                order by due_at, id limit {limit} for update skip locked
            )
            update delivery.ledger l
            set state = 1, claimed_by = {journal_id}, due_at = {until}
            from due where l.workspace_id = {workspace} and l.id = due.id
            returning l.id, l.message_id, l.contact_id, l.email, l.attempts::bigint, l.source_kind in (3, 4, 5, 6) as is_test
            """,
            limit=limit,
            journal_id=journal_id,
            until=tx.now + LEASE,
        ),
        Claimed,
    )


async def find_refused(tx: ReadTx, rows: Sequence[Claimed]) -> dict[int, str]:
    """Who must not be mailed any more since they were queued, with the reason."""
    judged = [row for row in rows if not row.is_test]
    if not judged:
        return {}
    found = await tx.all(
        sql(
            """
            select id, reason from (
                select given.id, case when c.id is null then {deleted} else {reason} end as reason
                from unnest({ids}::bigint[], {contact_ids}::bigint[], {emails}::text[]) as given (id, contact_id, email)
                left join contacts.contact c on c.workspace_id = {workspace} and c.id = given.contact_id
                  and c.deleted_at is null
            ) as judged where reason is not null
            """,
            reason=refusal(contact_id=sql("given.contact_id"), email=sql('(given.email collate "C")')),
            deleted=DELETED,
            ids=[row.id for row in judged],
            contact_ids=[row.contact_id for row in judged],
            emails=[row.email for row in judged],
        )
    )
    return {row["id"]: row["reason"] for row in found}


async def fetch_rows(tx: ReadTx, rows: Sequence[Claimed], columns: Sql) -> list[Any]:
    """For each row in turn: its address, then the values its message asks for."""
    return await tx.all(
        sql(
            """
            select given.email {columns}
            from unnest({contact_ids}::bigint[], {emails}::text[]) with ordinality as given (contact_id, email, place)
            left join contacts.contact as contact
              on contact.workspace_id = {workspace} and contact.id = given.contact_id
            order by given.place
            """,
            columns=columns,
            contact_ids=[row.contact_id for row in rows],
            emails=[row.email for row in rows],
        )
    )


async def settle(tx: Tx, journal_id: int, results: Sequence[Result]) -> int:
    """Write what became of the rows that are still this journal's, and the facts; how many those were."""
    if not results:
        return 0
    ordered = sorted(results, key=lambda result: result.id)
    count = await tx.value(
        sql(
            """
            with settled as (
                update delivery.ledger l
                set state = given.state, due_at = given.due_at, attempts = given.attempts, claimed_by = null,
                    smtp_code = given.code, smtp_reply = given.reply,
                    sent_at = case when given.state = 2 then {now} end
                from unnest({ids}::bigint[], {states}::smallint[], {codes}::smallint[], {replies}::text[],
                            {attempts}::smallint[], {due}::timestamptz[])
                  as given (id, state, code, reply, attempts, due_at)
                where l.workspace_id = {workspace} and l.id = given.id and l.state = 1 and l.claimed_by = {journal_id}
                returning l.contact_id, l.message_id, l.state, l.source_kind, l.smtp_code, l.smtp_reply
            ),
            logged as ({facts}), engaged as ({engagement})
            select count(*) from settled
            """,
            ids=[result.id for result in ordered],
            states=[int(result.state) for result in ordered],
            codes=[result.code for result in ordered],
            replies=[result.reply for result in ordered],
            attempts=[result.attempts for result in ordered],
            due=[result.due_at for result in ordered],
            journal_id=journal_id,
            facts=insert_facts(tx, _facts()),
            engagement=keep_engagement(
                "sent",
                sql(
                    "select contact_id from settled where state = 2 and source_kind not in (3, 6) and contact_id is not null"
                ),
            ),
        )
    )
    if any(result.state in (State.SENT, State.FAILED) for result in ordered):
        tx.wake("facts")
    return int(count)


def _facts() -> Sql:
    return sql(
        """
        select contact_id, case state when 2 then {sent} else {failed} end as kind, message_id as object_id,
               case state when 3 then jsonb_build_object('code', smtp_code, 'reply', smtp_reply) end as data
        from settled where state in (2, 3) and source_kind not in (3, 6) and contact_id is not null
        """,
        sent=MessageSent.kind,
        failed=MessageFailed.kind,
    )


async def release(tx: Tx, journal_id: int, *, but: Sequence[int] = ()) -> int:
    """Give back whatever is still claimed under a journal nobody works on."""
    return await tx.run(
        sql(
            """
            update delivery.ledger set state = 0, claimed_by = null, due_at = {now}
            where workspace_id = {workspace} and state = 1 and claimed_by = {journal_id}
              and id <> all({but}::bigint[])
            """,
            journal_id=journal_id,
            but=list(but),
        )
    )


async def list_claimed_workspaces(tx: ReadTx, journal_id: int) -> list[int]:
    rows = await tx.all(
        sql(
            """
            select w.id from identity.workspace w where exists (
                select 1 from delivery.ledger l
                where l.workspace_id = w.id and l.state in (0, 1) and l.claimed_by = {journal_id} and l.state = 1)
            """,
            journal_id=journal_id,
        )
    )
    return [row["id"] for row in rows]
