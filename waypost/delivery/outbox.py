"""The outbox: takes due messages out of the ledger, sends them, and writes down what became of them.

    queued ──claim──> sending ──250──────────────> sent        (fact MessageSent)
       ^                 │  ───5xx──────────────> failed       (fact MessageFailed)
       │                 └──4xx, lost connection──> queued, due later
       └── after a crash: what the journal does not call accepted; after the lease: anyone's

Claim and settle are transactions; between them none is open. A claim carries a lease and the name
of the worker; the worker's journal (journal.py) makes a restart exact.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import asyncpg

from waypost.activities.actions import record_sets
from waypost.delivery.channels.base import Channel, Envelope, RelayUnreachable, Result
from waypost.delivery.channels.smtp import Relay, SmtpChannel
from waypost.delivery.facts import MessageFailed, MessageSent
from waypost.delivery.journal import ACCEPTED, HANDED_OVER, Journal
from waypost.delivery.prepare import Preparer
from waypost.delivery.token import Tokens
from waypost.kernel.log import log
from waypost.kernel.registry import Fact
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork

BATCH = 1_000
LEASE = timedelta(minutes=15)
RETRY_MINUTES = (1, 5, 15, 60, 180, 360, 720)
UNREACHABLE_PAUSE = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A ledger row in hand."""

    id: int
    message_id: int
    contact_id: int
    email: str
    attempts: int


class Outbox:
    """One worker's hands."""

    def __init__(self, work: SystemWork, channel: Channel, journal: Journal) -> None:
        self._work = work
        self._channel = channel
        self._journal = journal
        self._preparer = Preparer(work, Tokens(work.settings))
        self.name = _worker_name(work)

    async def tick(self, workspace_id: int) -> bool:
        """Send one batch of a workspace; True when there may be more."""
        async with self._work.db.transaction(workspace_id) as tx:
            claimed = await self._claim(tx)
        if not claimed:
            return False
        self._journal.begin(workspace_id, [row.id for row in claimed])
        reachable = True
        try:
            envelopes, broken = await self._preparer.envelopes(workspace_id, claimed)
            results = await self._send(envelopes)
        except RelayUnreachable as error:
            log.warning("the relay cannot be reached", error=str(error))
            reachable, broken = False, []
            results = [Result(index, 0, str(error)) for index in range(len(claimed))]
        await self._settle_surely(workspace_id, claimed, [*results, *broken], reachable=reachable)
        self._journal.clear()
        return reachable and len(claimed) == BATCH

    async def _claim(self, tx: Tx) -> list[Claimed]:
        return await tx.all(
            sql(
                """
                with due as (
                    select id from delivery.ledger
                    where workspace_id = {workspace} and state = 0 and due_at <= {now}
                    order by due_at, id limit {batch} for update skip locked
                )
                update delivery.ledger l
                set state = 1, claimed_by = {name}, claimed_until = {until}
                from due where l.workspace_id = {workspace} and l.id = due.id
                returning l.id, l.message_id, l.contact_id, l.email, l.attempts
                """,
                batch=BATCH,
                name=self.name,
                until=tx.now + LEASE,
            ),
            Claimed,
        )

    async def _send(self, envelopes: Sequence[Envelope]) -> list[Result]:
        if not envelopes:
            return []
        mark = self._journal.mark
        return await self._channel.send(
            envelopes,
            on_hand_over=partial(_mark, mark, HANDED_OVER),
            on_accept=partial(_mark, mark, ACCEPTED),
        )

    async def _settle_surely(
        self, workspace_id: int, claimed: Sequence[Claimed], results: Sequence[Result], *, reachable: bool
    ) -> None:
        """What was sent was sent: keep trying to write it down while the database is away."""
        pause = 0.5
        while True:
            try:
                async with self._work.db.transaction(workspace_id) as tx:
                    await settle(tx, claimed, results, reachable=reachable)
                    return
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                log.error("results could not be written yet", error=str(error), count=len(results))
                await asyncio.sleep(pause)
                pause = min(pause * 2, 10.0)

    async def recover(self) -> None:
        """After a crash: settle what was accepted, queue the rest of this worker's claims again."""
        accepted: dict[int, list[int]] = {}
        for workspace_id, ledger_id, state in self._journal.left_behind():
            accepted.setdefault(workspace_id, [])
            if state == ACCEPTED:
                accepted[workspace_id].append(ledger_id)
        async with self._work.db.read(0) as read:
            rows = await read.all(sql("select id from identity.workspace order by id"))
        for workspace_id in [row["id"] for row in rows]:
            async with self._work.db.transaction(workspace_id) as tx:
                await recover_workspace(tx, self.name, accepted.get(workspace_id, []))
        self._journal.clear()


def _mark(mark: Callable[[int, int], None], state: int, index: int) -> None:
    mark(index, state)


def _worker_name(work: SystemWork) -> str:
    place = sha256(str(work.settings.data_dir.resolve()).encode()).hexdigest()[:12]
    return f"{socket.gethostname()}:{place}:{work.worker_number}"


async def recover_workspace(tx: Tx, name: str, accepted: Sequence[int]) -> None:
    """Settle a dead worker's claims in one workspace, by its journal."""
    rows = await tx.all(
        sql(
            """
            select id, message_id, contact_id, email, attempts from delivery.ledger
            where workspace_id = {workspace} and state = 1 and claimed_by = {name}
            order by id for update
            """,
            name=name,
        ),
        Claimed,
    )
    if not rows:
        return
    done = set(accepted)
    results = [Result(index, 250, "accepted before a restart") for index, row in enumerate(rows) if row.id in done]
    await settle(tx, rows, results, reachable=True)
    await _requeue(tx, [row.id for row in rows if row.id not in done], [0] * (len(rows) - len(done)))


async def settle(tx: Tx, claimed: Sequence[Claimed], results: Sequence[Result], *, reachable: bool) -> None:
    """Write a batch's results: one statement for the finished, one for those to be tried again, one COPY."""
    finished: list[tuple[int, int, int, str]] = []
    later: list[tuple[int, int]] = []
    sent: dict[int, list[int]] = {}
    failed: dict[tuple[int, str], list[int]] = {}
    for result in results:
        row = claimed[result.index]
        kind = result.code // 100
        if kind == 2:
            finished.append((row.id, 2, result.code, result.reply))
            sent.setdefault(row.message_id, []).append(row.contact_id)
        elif kind == 5 or (kind == 4 and row.attempts >= len(RETRY_MINUTES)):
            finished.append((row.id, 3, result.code, result.reply))
            failed.setdefault((row.message_id, result.reply), []).append(row.contact_id)
        elif not reachable or kind != 4:
            later.append((row.id, -1))
        else:
            later.append((row.id, RETRY_MINUTES[row.attempts]))
    await _finish(tx, finished)
    await _requeue(tx, [item[0] for item in later], [item[1] for item in later], unreachable=not reachable)
    facts: list[tuple[Fact, list[int]]] = [(MessageSent(message_id=key), who) for key, who in sent.items()]
    facts += [(MessageFailed(message_id=key[0], reply=key[1]), who) for key, who in failed.items()]
    await record_sets(tx, [(fact, [item for item in who if item]) for fact, who in facts])
    await tx.notify("live")


async def _finish(tx: Tx, rows: Sequence[tuple[int, int, int, str]]) -> None:
    if not rows:
        return
    await tx.run(
        sql(
            """
            update delivery.ledger l
            set state = r.state, smtp_code = r.code, smtp_reply = r.reply, attempts = l.attempts + 1,
                sent_at = case when r.state = 2 then {now} end, claimed_by = null, claimed_until = null
            from unnest({ids}::bigint[], {states}::smallint[], {codes}::smallint[], {replies}::text[])
                as r (id, state, code, reply)
            where l.workspace_id = {workspace} and l.id = r.id and l.state = 1
            """,
            ids=[row[0] for row in rows],
            states=[row[1] for row in rows],
            codes=[row[2] for row in rows],
            replies=[row[3] for row in rows],
        )
    )


async def _requeue(tx: Tx, ids: Sequence[int], minutes: Sequence[int], *, unreachable: bool = False) -> None:
    """Back to the queue; -1 or 0 minutes means soon, without counting an attempt."""
    if not ids:
        return
    soon: timedelta = UNREACHABLE_PAUSE if unreachable else timedelta(0)
    await tx.run(
        sql(
            """
            update delivery.ledger l
            set state = 0, claimed_by = null, claimed_until = null,
                attempts = l.attempts + (r.minutes > 0)::int,
                due_at = case when r.minutes > 0 then {now} + make_interval(mins => r.minutes::int) else {soon} end
            from unnest({ids}::bigint[], {minutes}::bigint[]) as r (id, minutes)
            where l.workspace_id = {workspace} and l.id = r.id and l.state = 1
            """,
            ids=list(ids),
            minutes=list(minutes),
            soon=tx.now + soon,
        )
    )


async def free_expired(tx: Tx) -> int:
    """Claims whose lease is over belong to a machine that is gone: queue them again."""
    return await tx.run(
        sql(
            """
            update delivery.ledger set state = 0, claimed_by = null, claimed_until = null, due_at = {now}
            where workspace_id = {workspace} and state = 1 and claimed_until < {now}
            """
        )
    )


def due() -> Sql:
    """Workspaces with messages to send now."""
    return sql(
        """
        select w.id as workspace_id from identity.workspace w
        where exists (
            select 1 from delivery.ledger l
            where l.workspace_id = w.id and l.state = 0 and l.due_at <= {now}
        )
        """
    )


@asynccontextmanager
async def open_outbox(work: SystemWork) -> AsyncGenerator[Callable[[int], Awaitable[bool]]]:
    """The engine: recover first, then send until the worker stops."""
    relay = Relay.from_url(work.settings.outgoing_smtp_url, hello=_hello(work))
    channel = SmtpChannel(relay)
    journal = Journal(work.settings.journal_dir / f"outbox-{work.worker_number}")
    outbox = Outbox(work, channel, journal)
    await outbox.recover()
    try:
        yield outbox.tick
    finally:
        await channel.close()
        journal.close()


def _hello(work: SystemWork) -> str:
    host: Any = work.settings.base_url.partition("//")[2].partition("/")[0].partition(":")[0]
    return host or "localhost"
