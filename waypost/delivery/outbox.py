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
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg

from waypost.delivery import claims
from waypost.delivery.channels.base import Channel, Envelope, Reply
from waypost.delivery.channels.relay import SmtpChannel, parse_relay
from waypost.delivery.claims import Claimed, Result
from waypost.delivery.inbound_address import return_path
from waypost.delivery.journal import ANSWERED, CAPACITY, HANDED, Journal, open_journal, orphans
from waypost.delivery.outbox_batches import Batches, Prepared, judge
from waypost.delivery.relays import note_blocked, note_working
from waypost.delivery.routing import Channels
from waypost.delivery.tokens import Tokens
from waypost.delivery.types import RelayServer, State
from waypost.kernel.log import log
from waypost.kernel.registry import Engine
from waypost.kernel.work import SystemWork

BATCHES_PER_TURN = 20
UNAVAILABLE_PAUSE = timedelta(seconds=15)
REPLY_LENGTH = 500
SETTLE_PAUSE_SECONDS = 0.5


class OutboxRun:
    """One batch on its way: the channel pulls, the journal notes, the results are collected."""

    def __init__(
        self, workspace_id: int, batch: Prepared, tokens: Tokens, now: datetime, items: Sequence[int], *, signs: bool
    ) -> None:
        self._workspace_id = workspace_id
        self._batch = batch
        self._tokens = tokens
        self._now = now
        self._signs = signs
        self._waiting = list(reversed(items))
        self._deadline = asyncio.get_running_loop().time() + claims.LEASE.total_seconds() * 0.7
        self.results: list[Result] = []

    @property
    def is_left(self) -> bool:
        return bool(self._waiting) and asyncio.get_running_loop().time() < self._deadline

    def pull(self) -> int | None:
        return self._waiting.pop() if self.is_left else None

    def envelope(self, item: int) -> Envelope:
        letter, row = self._batch.letters[item], self._batch.rows[item]
        if not letter.return_base:
            return Envelope(letter.sender, row.email)
        return Envelope(return_path(letter.return_base, self._tokens.make(self._workspace_id, row.id)), row.email)

    def content(self, item: int) -> bytes:
        batch = self._batch
        token = self._tokens.make(self._workspace_id, batch.rows[item].id)
        return batch.letters[item].build(batch.values[item], token, is_signed=self._signs)

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

    def take_rest(self) -> list[int]:
        """What is left over, for another way to send."""
        rest, self._waiting = self._waiting, []
        return rest


class Outbox:
    """What lives as long as the worker: the channel, the journal and compiled messages."""

    def __init__(self, work: SystemWork, channel: Channel, journal: Journal, *, batch: int = CAPACITY) -> None:
        self._db = work.db
        self._channels = Channels(work.settings, channel)
        self._journal = journal
        self._tokens = Tokens.of(work.settings)
        self._batches = Batches(work, journal, min(batch, CAPACITY))
        self._doubtful: set[int] = set()
        """Workspaces in which a tick failed after it may have claimed rows."""

    async def tick(self, workspace_id: int) -> bool:
        """Send up to some batches of the workspace; whether there may be more.

        While one batch is on the wire the one before is settled and the one after is claimed.
        """
        await self._release_doubtful(workspace_id)
        pages = self._journal.pages
        settling: asyncio.Future[None] | None = None
        ahead = asyncio.ensure_future(self._batches.prepare(workspace_id, pages[0]))
        try:
            for turn in range(1, BATCHES_PER_TURN + 1):
                batch = await ahead
                if batch is None:
                    return False
                is_last = turn == BATCHES_PER_TURN
                if not is_last:
                    ahead = asyncio.ensure_future(self._batches.prepare(workspace_id, pages[turn % len(pages)]))
                results = list(batch.settled)
                try:
                    await self._send(workspace_id, batch, results)
                except BaseException:
                    if not is_last:
                        await self._give_back(workspace_id, ahead)
                    raise
                finally:
                    before, settling = settling, asyncio.ensure_future(self._settle(workspace_id, batch, results))
                    if before is not None:
                        await before
        except BaseException:
            self._doubtful.add(workspace_id)
            raise
        finally:
            if settling is not None:
                await settling
        return True

    async def _release_doubtful(self, workspace_id: int) -> None:
        """After a tick that failed half-way (PostgreSQL was gone, say), what it had only claimed is free again."""
        if workspace_id not in self._doubtful:
            return
        unsettled = [entry.ledger_id for page in self._journal.pages for entry in page.read()[1]]
        async with self._db.transaction(workspace_id) as tx:
            await claims.release(tx, self._journal.id, but=unsettled)
        self._doubtful.discard(workspace_id)

    async def _send(self, workspace_id: int, batch: Prepared, results: list[Result]) -> None:
        """By each server what goes its way, all at once; what a blocked one leaves over goes by the next."""
        groups: dict[int, list[int]] = defaultdict(list)
        for item, way in enumerate(batch.ways):
            groups[way].append(item)
        sends = (self._send_by(workspace_id, batch, way, items, results) for way, items in groups.items())
        await gather_all(sends)

    async def _settle(self, workspace_id: int, batch: Prepared, results: Sequence[Result]) -> None:
        """Write down what became of the batch, again and again while PostgreSQL is away: it must not be forgotten."""
        patience = asyncio.get_running_loop().time() + claims.LEASE.total_seconds() * 0.2
        while True:
            try:
                async with self._db.transaction(workspace_id) as tx:
                    await claims.settle(tx, self._journal.id, results)
                break
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                if asyncio.get_running_loop().time() > patience:
                    raise
                log.warning("results not written yet, trying again", error=str(error))
                await asyncio.sleep(SETTLE_PAUSE_SECONDS)
        batch.page.clear()

    async def _send_by(
        self, workspace_id: int, batch: Prepared, way: int, items: Sequence[int], results: list[Result]
    ) -> None:
        relay = batch.relay(way)
        channel = await self._channels.find(workspace_id, relay)
        run = OutboxRun(
            workspace_id, batch, self._tokens, datetime.now(UTC), items, signs=relay is None or not relay.signs
        )
        try:
            reason = await channel.send(run)
            rest = run.take_rest() if reason is not None and relay is not None else []
            run.leave(reason)
        finally:
            results += run.results
        if relay is None:
            if reason is not None:
                log.warning("mail server unavailable", reason=reason)
            return
        await self._note_health(workspace_id, relay, reason)
        if rest:
            await self._fail_over(workspace_id, batch, way, rest, results, reason or "")

    async def _fail_over(
        self, workspace_id: int, batch: Prepared, way: int, rest: Sequence[int], results: list[Result], reason: str
    ) -> None:
        """Choose anew for each message; where there is no other way it waits, counted as an attempt."""
        batch.routes.failed.add(way)
        groups: dict[int, list[int]] = defaultdict(list)
        now = datetime.now(UTC)
        for item in rest:
            letter, row = batch.letters[item], batch.rows[item]
            other = batch.routes.choose(letter.domain, letter.relay_id, row.id)
            if other is None:
                results.append(judge(row, None, reason[:REPLY_LENGTH], now, pause=UNAVAILABLE_PAUSE))
            else:
                groups[other].append(item)
        sends = (self._send_by(workspace_id, batch, other, items, results) for other, items in groups.items())
        await gather_all(sends)

    async def _note_health(self, workspace_id: int, relay: RelayServer, reason: str | None) -> None:
        """Open the relay's breaker, or close it where it had failed before."""
        if reason is None and relay.failures == 0:
            return
        async with self._db.transaction(workspace_id) as tx:
            if reason is None:
                await note_working(tx, relay.id)
            else:
                log.warning("mail server unavailable", relay=relay.name, reason=reason)
                await note_blocked(tx, relay.id, reason)

    async def _give_back(self, workspace_id: int, ahead: asyncio.Future[Prepared | None]) -> None:
        """The batch claimed ahead goes back unsent."""
        (batch,) = await asyncio.gather(ahead, return_exceptions=True)
        if isinstance(batch, Prepared):
            batch.page.clear()
            now = datetime.now(UTC)
            rows = [Result(row.id, State.QUEUED, None, None, row.attempts, now) for row in batch.rows]
            async with self._db.transaction(workspace_id) as tx:
                await claims.settle(tx, self._journal.id, rows + batch.settled)

    async def close(self) -> None:
        await self._channels.close()

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


async def gather_all(sends: Iterable[Coroutine[Any, Any, None]]) -> None:
    """Wait for every one of them even when one fails: none may go on after its batch has been settled."""
    done = await asyncio.gather(*sends, return_exceptions=True)
    for found in done:
        if isinstance(found, BaseException):
            raise found


@asynccontextmanager
async def open_outbox(work: SystemWork) -> AsyncIterator[Callable[[int], Awaitable[bool]]]:
    """Lock a journal, recover what dead workers left, then serve."""
    journal = open_journal(work.settings.journal_dir, work.worker_number)
    outbox = Outbox(work, open_channel(work), journal)
    try:
        await outbox.recover(journal)
        for orphan in orphans(work.settings.journal_dir, journal):
            # lint: no-row-loops because a turn is a dead worker's journal
            await outbox.recover(orphan)
        gc.collect()
        gc.freeze()
        yield outbox.tick
    finally:
        await outbox.close()
        journal.close()


ENGINES = (Engine("outbox", "delivery", claims.due_workspaces, open_outbox),)
