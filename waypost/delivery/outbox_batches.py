"""Batches of the outbox: claimed, judged, routed, and with all that it takes to render them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from waypost.delivery import claims
from waypost.delivery.claims import BACK_OFF, Claimed, Result
from waypost.delivery.journal import Journal, JournalPage
from waypost.delivery.letters import Letter, Letters
from waypost.delivery.relays import list_relays
from waypost.delivery.routing import Ways
from waypost.delivery.throttle import Candidate, Rules
from waypost.delivery.throttle_rules import hold_back, limit_keys, lock_rules
from waypost.delivery.types import RelayServer, State
from waypost.kernel.log import log
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork
from waypost.messages.versions import keep_sent


@dataclass(slots=True)
class Prepared:
    """A claimed batch with all it needs to be sent; the lists run alike."""

    page: JournalPage
    routes: Ways
    settled: list[Result]
    rows: list[Claimed] = field(default_factory=list[Claimed])
    letters: list[Letter] = field(default_factory=list[Letter])
    values: list[Any] = field(default_factory=list[Any])
    ways: list[int] = field(default_factory=list[int])

    def relay(self, way: int) -> RelayServer | None:
        return next((relay for relay in self.routes.relays if relay.id == way), None)


class Batches:
    """Takes batches from the ledger."""

    def __init__(self, work: SystemWork, journal: Journal, limit: int) -> None:
        self._db = work.db
        self._journal = journal
        self._limit = limit
        self._letters = Letters(work.settings)

    async def prepare(self, workspace_id: int, page: JournalPage) -> Prepared | None:
        """Claim a batch, and fetch what it takes to render it.

        Where limits hold, all of it is one transaction, so that those held back are in the queue again by the
        time the next worker counts.
        """
        async with self._db.transaction(workspace_id) as tx:
            rules = await lock_rules(tx)
            rows = await claims.claim(tx, self._journal.id, self._limit)
            batch = await self._fill(tx, page, rows) if rows and rules is not None else None
            if batch is not None and rules is not None:
                await claims.settle(tx, self._journal.id, await hold(tx, rules, batch))
        if not rows:
            return None
        if batch is None:
            async with self._db.read(workspace_id) as read:
                batch = await self._fill(read, page, rows)
        await self._keep_sent(workspace_id)
        page.begin(workspace_id, [row.id for row in batch.rows])
        return batch

    async def _keep_sent(self, workspace_id: int) -> None:
        """Once a revision: what goes out is kept as it is, for those who look at it in the browser later."""
        fresh = self._letters.take_fresh(workspace_id)
        if fresh:
            async with self._db.transaction(workspace_id) as tx:
                for message in fresh:
                    # lint: no-row-loops because a turn is a message, not a recipient
                    await keep_sent(tx, message)

    async def _fill(self, read: ReadTx, page: JournalPage, rows: Sequence[Claimed]) -> Prepared:
        """Who is still to be mailed, by which server, with which values."""
        refused = await claims.find_refused(read, rows)
        settled = [
            Result(row.id, State.SUPPRESSED, None, refused[row.id], row.attempts, read.now)
            for row in rows
            if row.id in refused
        ]
        batch = Prepared(page, Ways(await list_relays(read), read.now), settled)
        groups: dict[int, list[Claimed]] = defaultdict(list)
        for row in rows:
            if row.id not in refused:
                groups[row.message_id].append(row)
        for message_id, group in groups.items():
            # lint: no-row-loops because a turn is a message, not a recipient
            await self._add(read, batch, message_id, group)
        return batch

    async def _add(self, read: ReadTx, batch: Prepared, message_id: int, group: list[Claimed]) -> None:
        """The recipients of one message; what is wrong with it does not touch the others."""
        try:
            letter = await self._letters.find(read, message_id)
            if isinstance(letter, str):
                batch.settled += [Result(row.id, State.FAILED, None, letter, row.attempts, read.now) for row in group]
                return
            group, ways = route(batch, letter, group)
            values = await claims.fetch_rows(read, group, letter.select) if group else []
        except Exception as error:  # noqa: BLE001 - a template may fail in any way
            log.error("message not prepared", message_id=message_id, exc_info=error)
            reason = f"The message cannot be prepared: {error}"
            batch.settled += [judge(row, None, reason, read.now) for row in group]
            return
        batch.rows += group
        batch.ways += ways
        batch.values += values
        batch.letters += [letter] * len(group)


async def hold(tx: Tx, rules: Rules, batch: Prepared) -> list[Result]:
    """Take those out of the batch who must wait or are left out; what becomes of them."""
    candidates = [
        Candidate(
            row.id,
            row.contact_id,
            row.is_test,
            limit_keys(rules, way=way, sender_id=letter.sender_id, email=row.email),
        )
        for row, letter, way in zip(batch.rows, batch.letters, batch.ways, strict=True)
    ]
    held = await hold_back(tx, rules, candidates) if candidates else {}
    results: list[Result] = []
    for row in batch.rows:
        found = held.get(row.id)
        if found is not None:
            state = State.SUPPRESSED if found.until is None else State.QUEUED
            results.append(Result(row.id, state, None, found.reason, row.attempts, found.until or tx.now))
    kept = [place for place, row in enumerate(batch.rows) if row.id not in held]
    batch.rows = [batch.rows[place] for place in kept]
    batch.letters = [batch.letters[place] for place in kept]
    batch.values = [batch.values[place] for place in kept]
    batch.ways = [batch.ways[place] for place in kept]
    return results


def route(batch: Prepared, letter: Letter, group: Sequence[Claimed]) -> tuple[list[Claimed], list[int]]:
    """Who of the group can go by which server; the others wait for one, or fail where none ever takes them."""
    routes = batch.routes
    if not routes.relays:
        return list(group), [0] * len(group)
    rows: list[Claimed] = []
    ways: list[int] = []
    for row in group:
        way = routes.choose(letter.domain, letter.relay_id, row.id)
        if way is not None:
            rows.append(row)
            ways.append(way)
            continue
        reason, again = routes.why_none(letter.domain, letter.relay_id)
        state = State.FAILED if again is None else State.QUEUED
        batch.settled.append(Result(row.id, state, None, reason, row.attempts, again or routes.now))
    return rows, ways


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
