"""What follows from what came in: the ledger, facts, suppressions and subscriptions, set-wise and once.

A notice is kept under its message and a key, and only what is newly kept has consequences: the same
bounce by mail and by webhook, or the same mail twice, is one. A hard bounce suppresses at once, a
soft one when the last three messages to the address bounced softly; what says nothing about the
address (too large, a matter of time, refused because of the sender) never counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from waypost.activities.actions import record_copy
from waypost.contacts.actions.subscriptions import unsubscribe
from waypost.contacts.types import Status
from waypost.delivery.bounce_causes import Cause, Severity, judge_failure
from waypost.delivery.bounces import Notice, What
from waypost.delivery.facts import MessageBounced, MessageComplained, MessageFailed, MessageReplied
from waypost.delivery.types import Reason
from waypost.kernel.registry import Consumer, Fact
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

SOFT_IN_A_ROW = 3
COLUMNS = ("what", "severity", "cause", "status", "diagnostic", "reporter", "source", "subject", "body")


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came in about a message of the ledger."""

    ledger_id: int
    what: What
    source: str
    cause: Cause | None = None
    status: str = ""
    diagnostic: str = ""
    reporter: str = ""
    subject: str = ""
    text: str = ""
    mark: str = ""
    """Tells replies to the same message apart."""

    @classmethod
    def of(cls, ledger_id: int, notice: Notice, source: str) -> Arrival:
        return cls(
            ledger_id=ledger_id,
            what=notice.what,
            source=source,
            cause=notice.cause,
            status=notice.status,
            diagnostic=notice.diagnostic or notice.feedback,
            reporter=notice.reporter,
            subject=notice.subject,
            text=notice.text,
            mark=notice.message_id or notice.text,
        )

    @property
    def severity(self) -> Severity | None:
        return self.cause.severity if self.what is What.BOUNCE and self.cause else None

    @property
    def key(self) -> str:
        if self.what is What.BOUNCE:
            return f"bounce {int(self.severity or Severity.OTHER)}"
        if self.what is What.COMPLAINT:
            return "complaint"
        return f"{self.what.name.lower()} {sha256(self.mark.encode('utf-8', 'replace')).hexdigest()[:32]}"


async def take(tx: Tx, arrivals: Sequence[Arrival]) -> int:
    """Keep what is new and let it have its consequences; returns how many were new."""
    kept = [item for item in arrivals if item.what is not What.DELAY]
    if not kept:
        return 0
    new = await _keep(tx, kept)
    if not new:
        return 0
    await _mark(tx, new)
    await record_copy(tx, [(row["contact_id"], _fact(row)) for row in new if _has_fact(row)])
    bounced = [row for row in new if row["what"] == What.BOUNCE]
    hard = [row["ledger_id"] for row in bounced if row["severity"] == Severity.HARD]
    soft = [row["ledger_id"] for row in bounced if row["severity"] == Severity.SOFT]
    gone = hard + await _soft_runs(tx, soft)
    complained = [row["ledger_id"] for row in new if row["what"] == What.COMPLAINT]
    await _suppress(tx, gone, Reason.BOUNCED, "bounce")
    await _suppress(tx, complained, Reason.COMPLAINED, "complaint")
    if gone:
        await unsubscribe(tx, None, _people(gone), status=Status.BOUNCED, source="bounce")
    if complained:
        await unsubscribe(tx, None, _people(complained), source="complaint")
    return len(new)


async def _keep(tx: Tx, arrivals: Sequence[Arrival]) -> list[Any]:
    """Ledger rows are locked in their order; tests, the erased and what is not in the ledger are left out."""
    unique = {(item.ledger_id, item.key): item for item in arrivals}
    items = list(unique.values())
    return await tx.all(
        sql(
            """
            with known as materialized (
                select id, contact_id, message_id from delivery.ledger
                where workspace_id = {workspace} and id = any({ids}::bigint[]) and source_kind not in (3, 6)
                  and contact_id is not null
                order by id for no key update
            )
            insert into delivery.notice (workspace_id, ledger_id, key, contact_id, message_id, what, severity, cause,
                status, diagnostic, reporter, source, subject, body, received_at)
            select {workspace}, known.id, given.key, known.contact_id, known.message_id, what, severity, cause,
                   status, diagnostic, reporter, source, subject, body, {now}
            from unnest({ids}::bigint[], {keys}::text[], {whats}::smallint[], {severities}::smallint[],
                        {causes}::text[], {statuses}::text[], {diagnostics}::text[], {reporters}::text[],
                        {sources}::text[], {subjects}::text[], {bodies}::text[])
                as given (id, key, what, severity, cause, status, diagnostic, reporter, source, subject, body)
            join known on known.id = given.id
            order by known.id, given.key
            on conflict do nothing
            returning ledger_id, contact_id, message_id, what, severity, cause, status, diagnostic, subject
            """,
            ids=[item.ledger_id for item in items],
            keys=[item.key for item in items],
            whats=[int(item.what) for item in items],
            severities=[item.severity and int(item.severity) for item in items],
            causes=[item.cause.value if item.cause else "" for item in items],
            statuses=[item.status for item in items],
            diagnostics=[_clean(item.diagnostic, 500) for item in items],
            reporters=[_clean(item.reporter, 200) for item in items],
            sources=[item.source for item in items],
            subjects=[_clean(item.subject, 1_000) for item in items],
            bodies=[_clean(item.text, 10_000) for item in items],
        )
    )


def _clean(text: str, length: int) -> str:
    """What PostgreSQL takes as text: no NUL and no half of a pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()[:length]


async def _mark(tx: Tx, rows: Sequence[Any]) -> None:
    """The worst bounce stays, and the first time of each."""
    await tx.run(
        sql(
            """
            with given as (
                select id, min(severity) as severity, bool_or(what = 1) as is_bounced, bool_or(what = 2) as is_complaint,
                       bool_or(what = 4) as is_reply
                from unnest({ids}::bigint[], {whats}::smallint[], {severities}::smallint[]) as rows (id, what, severity)
                group by id
            )
            update delivery.ledger l
            set bounce = least(l.bounce, given.severity),
                bounced_at = coalesce(l.bounced_at, case when is_bounced then {now} end),
                complained_at = coalesce(l.complained_at, case when is_complaint then {now} end),
                replied_at = coalesce(l.replied_at, case when is_reply then {now} end)
            from given where l.workspace_id = {workspace} and l.id = given.id
            """,
            ids=[row["ledger_id"] for row in rows],
            whats=[row["what"] for row in rows],
            severities=[row["severity"] for row in rows],
        )
    )


def _has_fact(row: Any) -> bool:
    return row["contact_id"] is not None and row["what"] != What.AUTO_REPLY


def _fact(row: Any) -> Fact:
    if row["what"] == What.COMPLAINT:
        return MessageComplained(row["message_id"], kind_of=row["diagnostic"] or None)
    if row["what"] == What.REPLY:
        return MessageReplied(row["message_id"], subject=row["subject"] or None)
    return MessageBounced(
        row["message_id"],
        severity=Severity(row["severity"]).name.lower(),
        cause=row["cause"],
        code=row["status"] or None,
        reason=row["diagnostic"] or None,
    )


async def _soft_runs(tx: Tx, ledger_ids: Sequence[int]) -> list[int]:
    """Those of the rows whose address bounced softly three times running, by the order of sending.

    A message in between that has not come back is a delivery and ends the run; one that came back for
    reasons of its own counts neither way.
    """
    if not ledger_ids:
        return []
    rows = await tx.all(
        sql(
            """
            select b.id from delivery.ledger b
            cross join lateral (
                select max(r.id) as id from delivery.ledger r where r.workspace_id = {workspace}
                  and r.contact_id = b.contact_id and r.email = b.email and r.bounce = 2
            ) as latest
            cross join lateral (
                select count(*) filter (where x.bounce = 2) as n from (
                    select r.bounce from delivery.ledger r
                    where r.workspace_id = {workspace} and r.contact_id = b.contact_id and r.email = b.email
                      and r.id <= latest.id and r.source_kind not in (3, 6) and r.bounce is distinct from 3
                      and (r.state = 2 or r.bounce is not null)
                    order by r.id desc limit {run}
                ) as x
            ) as run
            where b.workspace_id = {workspace} and b.id = any({ids}::bigint[]) and run.n = {run}
            """,
            ids=list(ledger_ids),
            run=SOFT_IN_A_ROW,
        )
    )
    return [row["id"] for row in rows]


async def _suppress(tx: Tx, ledger_ids: Sequence[int], reason: Reason, source: str) -> None:
    """A bounce or complaint outweighs an unsubscription, which a later subscription would end."""
    if not ledger_ids:
        return
    await tx.run(
        sql(
            """
            insert into delivery.suppression as s (workspace_id, address, reason, source, note, created_at)
            select distinct on (l.email) {workspace}, l.email, {reason}, {source}, n.diagnostic, {now}
            from delivery.ledger l
            join delivery.notice n on n.workspace_id = {workspace} and n.ledger_id = l.id and n.what = {what}
            where l.workspace_id = {workspace} and l.id = any({ids}::bigint[]) and l.email <> ''
            order by l.email, n.severity
            on conflict (workspace_id, address) do update
            set reason = excluded.reason, source = excluded.source, note = excluded.note,
                created_at = excluded.created_at
            where s.reason = 3
            """,
            ids=list(ledger_ids),
            reason=int(reason),
            source=source,
            what=int(What.BOUNCE if reason is Reason.BOUNCED else What.COMPLAINT),
        )
    )


def _people(ledger_ids: Sequence[int]) -> Sql:
    """Who was written to, where the address is still theirs."""
    return sql(
        """
        select l.contact_id from delivery.ledger l
        join contacts.contact c on c.workspace_id = l.workspace_id and c.id = l.contact_id and c.email = l.email
        where l.workspace_id = {workspace} and l.id = any({ids}::bigint[])
        """,
        ids=list(ledger_ids),
    )


async def follow_failures(tx: Tx, slice_: Sql) -> None:
    """What the mail server refused in the session goes the same way as what comes back later."""
    rows = await tx.all(
        sql(
            """
            select l.id, l.smtp_code, coalesce(l.smtp_reply, '') as reply from delivery.ledger l
            where l.workspace_id = {workspace} and l.state = 3 and l.smtp_code is not null and l.bounced_at is null
              and l.source_kind not in (3, 6)
              and (l.message_id, l.contact_id) in (select object_id, contact_id from ({slice_}) as failed)
            """,
            slice_=slice_,
        )
    )
    arrivals = [_refused(row["id"], row["smtp_code"], row["reply"]) for row in rows]
    await take(tx, arrivals)


def _refused(ledger_id: int, code: int, reply: str) -> Arrival:
    cause = judge_failure(None, code, reply)
    return Arrival(ledger_id, What.BOUNCE, "session", cause, diagnostic=f"{code} {reply}".strip())


FOLLOW_FAILURES = Consumer(name="delivery.follow_failures", facts=(MessageFailed,), handle=follow_failures)
