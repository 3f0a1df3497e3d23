"""The outbox: an effect that claims, renders, sends and settles.

    QUEUED --claim (lease, journal)--> SENDING --250--> SENT
       ^                                  |----5xx----> FAILED
       |                                  |--refused--> SUPPRESSED (unsubscribed, suppressed or deleted meanwhile)
       +--4xx, lost connection: back off--+             (too many attempts: FAILED)
       +--nothing sent, lease over, worker died---------+

A batch is claimed in one transaction, sent with none open, and settled in another with its facts.
While one batch is on the wire the next is claimed and its merge values fetched. The journal says
after kill -9 what had been sent (see journal.py); a worker lost with its disk is replaced when its
leases end.
"""

from __future__ import annotations

import asyncio
import gc
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from waypost.delivery import claims
from waypost.delivery.channels.base import Channel, Envelope, Reply
from waypost.delivery.channels.relay import SmtpChannel, parse_relay
from waypost.delivery.claims import BACK_OFF, Claimed, Result
from waypost.delivery.journal import ANSWERED, CAPACITY, HANDED, Journal, JournalPage, open_journal, orphans
from waypost.delivery.letters import Letter, Letters
from waypost.delivery.tokens import Tokens
from waypost.delivery.types import State
from waypost.kernel.log import log
from waypost.kernel.registry import Engine
from waypost.kernel.tx import ReadTx
from waypost.kernel.work import SystemWork

BATCHES_PER_TURN = 20
UNAVAILABLE_PAUSE = timedelta(seconds=15)
REPLY_LENGTH = 500


@dataclass(slots=True)
class Prepared:
    """A claimed batch with all it needs to be sent."""

    rows: list[Claimed]
    letters: list[Letter]
    values: list[Any]
    page: JournalPage
    settled: list[Result]


class OutboxRun:
    """One batch on its way: the channel pulls, the journal notes, the results are collected."""

    def __init__(self, workspace_id: int, batch: Prepared, tokens: Tokens, now: datetime) -> None:
        self._workspace_id = workspace_id
        self._batch = batch
        self._tokens = tokens
        self._now = now
        self._waiting = list(range(len(batch.rows) - 1, -1, -1))
        self._deadline = asyncio.get_running_loop().time() + claims.LEASE.total_seconds() * 0.7
        self.results: list[Result] = list(batch.settled)

    @property
    def is_left(self) -> bool:
        return bool(self._waiting) and asyncio.get_running_loop().time() < self._deadline

    def pull(self) -> int | None:
        return self._waiting.pop() if self.is_left else None

    def envelope(self, item: int) -> Envelope:
        return Envelope(self._batch.letters[item].sender, self._batch.rows[item].email)

    def content(self, item: int) -> bytes:
        batch = self._batch
        token = self._tokens.make(self._workspace_id, batch.rows[item].id)
        return batch.letters[item].build(batch.values[item], token)

    def handed(self, item: int) -> None:
        self._batch.page.handed(item)

    def answered(self, item: int, reply: Reply) -> None:
        self._batch.page.answered(item, reply.code)
        self.results.append(judge(self._batch.rows[item], reply.code, reply.text[:REPLY_LENGTH], self._now))

    def lost(self, item: int) -> None:
        self.results.append(judge(self._batch.rows[item], None, "The connection was lost.", self._now))

    def put_back(self, item: int) -> None:
        self._waiting.append(item)

    def leave(self, reason: str | None) -> None:
        """What was not sent: try again after a pause when the way is blocked, at once when time ran out."""
        for item in self._waiting:
            row = self._batch.rows[item]
            if reason is None:
                self.results.append(Result(row.id, State.QUEUED, None, None, row.attempts, self._now))
            else:
                self.results.append(judge(row, None, reason[:REPLY_LENGTH], self._now, pause=UNAVAILABLE_PAUSE))
        self._waiting = []


def judge(
    row: Claimed, code: int | None, reply: str | None, now: datetime, *, pause: timedelta | None = None
) -> Result:
    """The next state after an attempt; no code stands for a connection that did not answer."""
    attempts = row.attempts + 1
    if code is not None and code // 100 == 2:
        return Result(row.id, State.SENT, code, reply, attempts, now)
    is_final = (code is not None and code // 100 == 5) or row.attempts >= len(BACK_OFF)
    if is_final:
        return Result(row.id, State.FAILED, code, reply, attempts, now)
    due_at = now + max(BACK_OFF[row.attempts], pause or BACK_OFF[0])
    return Result(row.id, State.QUEUED, code, reply, attempts, due_at)


class Outbox:
    """What lives as long as the worker: the channel, the journal and compiled messages."""

    def __init__(self, work: SystemWork, channel: Channel, journal: Journal, *, batch: int = CAPACITY) -> None:
        self._db = work.db
        self._channel = channel
        self._journal = journal
        self._tokens = Tokens.of(work.settings)
        self._letters = Letters(work.settings)
        self._batch = min(batch, CAPACITY)

    async def tick(self, workspace_id: int) -> bool:
        """Send up to some batches of the workspace; whether there may be more."""
        pages = self._journal.pages
        ahead = asyncio.ensure_future(self._prepare(workspace_id, pages[0]))
        for turn in range(1, BATCHES_PER_TURN + 1):
            batch = await ahead
            if batch is None:
                return False
            is_last = turn == BATCHES_PER_TURN
            if not is_last:
                ahead = asyncio.ensure_future(self._prepare(workspace_id, pages[turn % len(pages)]))
            try:
                await self._send(workspace_id, batch)
            except BaseException:
                if not is_last:
                    await self._give_back(workspace_id, ahead)
                raise
        return True

    async def _prepare(self, workspace_id: int, page: JournalPage) -> Prepared | None:
        """Claim a batch, and fetch what it takes to render it."""
        async with self._db.transaction(workspace_id) as tx:
            rows = await claims.claim(tx, self._journal.id, self._batch)
        if not rows:
            return None
        async with self._db.read(workspace_id) as read:
            refused = await claims.find_refused(read, rows)
            settled = [
                Result(row.id, State.SUPPRESSED, None, refused[row.id], row.attempts, read.now)
                for row in rows
                if row.id in refused
            ]
            groups: dict[int, list[Claimed]] = defaultdict(list)
            for row in rows:
                if row.id not in refused:
                    groups[row.message_id].append(row)
            batch = Prepared([], [], [], page, settled)
            for message_id, group in groups.items():
                # lint: no-row-loops because a turn is a message, not a recipient
                await self._add(read, batch, message_id, group)
        page.begin(workspace_id, [row.id for row in batch.rows])
        return batch

    async def _add(self, read: ReadTx, batch: Prepared, message_id: int, group: list[Claimed]) -> None:
        """The recipients of one message; what is wrong with it does not touch the others."""
        try:
            letter = await self._letters.find(read, message_id)
            values = [] if isinstance(letter, str) else await claims.fetch_rows(read, group, letter.select)
        except Exception as error:  # noqa: BLE001 - a template may fail in any way
            log.error("message not prepared", message_id=message_id, exc_info=error)
            batch.settled += [judge(row, None, f"The message cannot be prepared: {error}", read.now) for row in group]
            return
        if isinstance(letter, str):
            batch.settled += [Result(row.id, State.FAILED, None, letter, row.attempts, read.now) for row in group]
            return
        batch.rows += group
        batch.values += values
        batch.letters += [letter] * len(group)

    async def _send(self, workspace_id: int, batch: Prepared) -> None:
        run = OutboxRun(workspace_id, batch, self._tokens, datetime.now(UTC))
        try:
            reason = await self._channel.send(run) if batch.rows else None
            if reason is not None:
                log.warning("mail server unavailable", reason=reason)
            run.leave(reason)
        finally:
            async with self._db.transaction(workspace_id) as tx:
                await claims.settle(tx, self._journal.id, run.results)
            batch.page.clear()

    async def _give_back(self, workspace_id: int, ahead: asyncio.Future[Prepared | None]) -> None:
        """The batch claimed ahead goes back unsent."""
        (batch,) = await asyncio.gather(ahead, return_exceptions=True)
        if isinstance(batch, Prepared):
            batch.page.clear()
            now = datetime.now(UTC)
            rows = [Result(row.id, State.QUEUED, None, None, row.attempts, now) for row in batch.rows]
            async with self._db.transaction(workspace_id) as tx:
                await claims.settle(tx, self._journal.id, rows + batch.settled)

    async def recover(self, journal: Journal) -> None:
        """Bring to an end what a worker that died had begun."""
        answered: dict[int, list[tuple[int, int]]] = defaultdict(list)
        again = 0
        for page in journal.pages:
            workspace_id, entries = page.read()
            answered[workspace_id] += [(entry.ledger_id, entry.code) for entry in entries if entry.state == ANSWERED]
            again += sum(entry.state == HANDED for entry in entries)
        async with self._db.read(0) as read:
            workspaces = await claims.list_claimed_workspaces(read, journal.id)
        for workspace_id in workspaces:
            # lint: no-row-loops because a turn is a workspace
            await self._recover_workspace(workspace_id, journal.id, answered[workspace_id])
        for page in journal.pages:
            page.clear()
        if workspaces:
            log.info("outbox recovered", workspaces=len(workspaces), in_flight=again)

    async def _recover_workspace(self, workspace_id: int, journal_id: int, answers: Sequence[tuple[int, int]]) -> None:
        async with self._db.transaction(workspace_id) as tx:
            blank = [Claimed(ledger_id, 0, None, "", 0, is_test=False) for ledger_id, _ in answers]
            results = [judge(row, code, None, tx.now) for row, (_, code) in zip(blank, answers, strict=True)]
            await claims.settle(tx, journal_id, results)
            await claims.release(tx, journal_id)
            tx.wake("delivery")


def open_channel(work: SystemWork) -> Channel:
    return SmtpChannel(parse_relay(work.settings.outgoing_smtp_url))


@asynccontextmanager
async def open_outbox(work: SystemWork) -> AsyncIterator[Callable[[int], Awaitable[bool]]]:
    """Lock a journal, recover what dead workers left, then serve."""
    journal = open_journal(work.settings.journal_dir, work.worker_number)
    channel = open_channel(work)
    try:
        outbox = Outbox(work, channel, journal)
        await outbox.recover(journal)
        for orphan in orphans(work.settings.journal_dir, journal):
            # lint: no-row-loops because a turn is a dead worker's journal
            await outbox.recover(orphan)
        gc.collect()
        gc.freeze()
        yield outbox.tick
    finally:
        await channel.close()
        journal.close()


ENGINES = (Engine("outbox", "delivery", claims.due_workspaces, open_outbox),)
