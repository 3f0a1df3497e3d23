"""Thirty days of the sample workspace, twice a day, by the actions and engines that run real ones.

    old customers ─> [ arrivals -> opens, clicks, leaving -> log's consumers -> automations -> outbox ] x 60 ─> now

The outbox is settled here as a mail server would have answered, with no mail server asked.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from waypost.activities.consumers import advance
from waypost.activities.partitions import ensure_partitions
from waypost.app.seed.automations import Automations
from waypost.app.seed.campaigns import SPLIT_DAY, plan_next, run_campaigns, send_issue, send_split, start_birthdays
from waypost.app.seed.people import People, Words
from waypost.automations.actions import activate_automation, pause_automation
from waypost.automations.advance import Advancer, claim
from waypost.contacts.actions import add_tag
from waypost.delivery import claims
from waypost.delivery.actions import unsubscribe_by_message
from waypost.delivery.bounces import What
from waypost.delivery.claims import Claimed, Result
from waypost.delivery.events import write_clicks, write_opens
from waypost.delivery.inbound import Arrival, take
from waypost.delivery.signs import Hit, Verdict
from waypost.delivery.types import State
from waypost.kernel.db import Database
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Actor, ReadTx, Tx

DAYS = 30
EVENING = timedelta(hours=9)
OLD_CUSTOMERS = 1_150
OLD_DAYS = 150
OLD_LOTS = 12
PER_DAY = 28
OPENS, CLICKS_OF_OPENS, LEAVES, FAILS = 0.46, 0.27, 0.004, 0.006
APPLES = 4
"""Of so many who do not open, one has a mail program that loads images by itself."""
REPLY_TO_OPENS = 61
"""Of so many who open, one writes back."""
REPLIES = (
    "Lovely, thank you. Do you still have the decaf?",
    "Could you send me two bags instead of one next time?",
    "We came by on Saturday. What a place!",
    "Is the Huila good for filter?",
)
DELAYS = (0, 0, 1, 1, 1, 2, 2, 3, 4, 6, 9)
"""After how many half days a message is opened; some never get round to it before today."""
JOURNAL = 1 << 40
NEWS_DAYS = (3, 10, 17, 24)
QUIET_DAYS = (2, 12, 19)
PAUSE_DAY = 26
USER = Actor("system")
RECIPIENT = Actor("contact")


async def live(
    db: Database,
    workspace_id: int,
    words: Words,
    letters: Mapping[str, int],
    automations: Automations,
    *,
    now: datetime,
) -> None:
    """From the oldest customer to a few minutes ago."""
    last = now - timedelta(minutes=4)
    first = last - timedelta(days=DAYS - 1) - EVENING
    async with db.pool.acquire() as conn:
        await ensure_partitions(conn, now=now, months_back=2)  # pyright: ignore[reportArgumentType]
    people = People(words)
    for lot in range(OLD_LOTS):
        at = first - timedelta(days=OLD_DAYS * (OLD_LOTS - lot) / OLD_LOTS)
        # lint: no-row-loops because a turn is a lot of a hundred people
        async with db.transaction(workspace_id, actor=USER, now=at) as tx:
            # lint: no-row-loops because a turn is a lot of a hundred people
            await people.arrive(tx, OLD_CUSTOMERS // OLD_LOTS, source="Sign-up at the shop")
    days = _Days(db, workspace_id, people)
    await days.read_log(first - EVENING)
    async with db.transaction(workspace_id, actor=USER, now=first - EVENING) as tx:
        await activate_automation(tx, automations.welcome)
        await activate_automation(tx, automations.thanks)
        await activate_automation(tx, automations.winback)
    for day in range(DAYS):
        morning = first + timedelta(days=day)
        # lint: no-row-loops because a turn is a day
        async with db.transaction(workspace_id, actor=USER, now=morning) as tx:
            # lint: no-row-loops because a turn is a day
            await _happen(tx, day, words, letters)
            if day == PAUSE_DAY:
                # lint: no-row-loops because it is one day of them
                await pause_automation(tx, automations.winback)
        await days.half_day(morning)
        await days.half_day(morning + EVENING)
    await days.read_log(last)
    await run_campaigns(db, workspace_id, last + timedelta(seconds=5))
    async with db.transaction(workspace_id, actor=USER, now=last) as tx:
        await plan_next(tx, words, letters, now=now)


async def _happen(tx: Tx, day: int, words: Words, letters: Mapping[str, int]) -> None:
    """A newsletter once a week; now and then somebody is seen to be quiet, or comes back."""
    if day == 0:
        await start_birthdays(tx, words, letters)
    if day in NEWS_DAYS:
        await send_issue(tx, words, letters, NEWS_DAYS.index(day))
    if day == SPLIT_DAY:
        await send_split(tx, words, letters)
    if day in QUIET_DAYS:
        await add_tag(tx, words.tags["Quiet"], _some(day, 40))
        await add_tag(tx, words.tags["Came back"], _some(day, 320))


def _some(day: int, rarity: int) -> Sql:
    """A few of the old customers, others each time."""
    return sql(
        """
        select id as contact_id from contacts.contact
        where workspace_id = {workspace} and created_at < {now} - interval '35 days' and id % {rarity} = {rest}
        """,
        rarity=rarity,
        rest=day,
    )


async def _links(read: ReadTx) -> dict[int, list[int]]:
    """The numbers of every message's links."""
    rows = await read.all(
        sql(
            """
            select message_id, array_agg(number order by number) as numbers from messages.link
            where workspace_id = {workspace} and url like 'http%' group by message_id
            """
        )
    )
    return {row["message_id"]: list(row["numbers"]) for row in rows}


class _Days:
    """What is still to be opened, clicked and left, by the half day it will happen on."""

    def __init__(self, db: Database, workspace_id: int, people: People) -> None:
        self._db = db
        self._workspace_id = workspace_id
        self._people = people
        self._links: dict[int, list[int]] = {}
        self._dice = random.Random(11)
        self._engine = Advancer(db)
        self._turn = 0
        self._opens: dict[int, list[Hit]] = defaultdict(list)
        self._clicks: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self._leaves: dict[int, list[int]] = defaultdict(list)
        self._replies: dict[int, list[int]] = defaultdict(list)

    async def half_day(self, at: datetime) -> None:
        """Everything that happens at this time, until nothing is left to do."""
        self._turn += 1
        async with self._db.transaction(self._workspace_id, actor=USER, now=at) as tx:
            await self._people.arrive(tx, PER_DAY // 2 + self._turn * 5 % 7 - 3, source="Sign-up on the site")
            await self._respond(tx)
        await self.read_log(at)
        await self._move(at)
        await run_campaigns(self._db, self._workspace_id, at)
        async with self._db.read(self._workspace_id) as read:
            self._links = await _links(read)
        async with self._db.transaction(self._workspace_id, now=at) as tx:
            rows = await claims.claim(tx, JOURNAL, 100_000)
            await claims.settle(tx, JOURNAL, [self._answer(row, at) for row in rows])

    async def _respond(self, tx: Tx) -> None:
        """Recipients open, click, write back and leave."""
        tx = tx.acting_as(RECIPIENT)
        if opens := self._opens.pop(self._turn, []):
            await write_opens(tx, opens)
        if clicks := self._clicks.pop(self._turn, []):
            await write_clicks(tx, clicks)
        if replies := self._replies.pop(self._turn, []):
            words = [(ledger_id, REPLIES[ledger_id % len(REPLIES)]) for ledger_id in replies]
            await take(tx, [Arrival(ledger_id, What.REPLY, "mailbox", text=text) for ledger_id, text in words])
        for ledger_id in self._leaves.pop(self._turn, []):
            # lint: no-row-loops because a turn is one of a dozen people who leave
            await unsubscribe_by_message(tx, ledger_id)

    async def read_log(self, at: datetime) -> None:
        """Leave nothing in the log that automations or campaigns would still act on."""
        for consumer in self._db.registry.consumers:
            more = consumer.name.startswith(("automations.", "campaigns"))
            while more:
                # lint: no-row-loops because a turn is a slice of the log
                more = await advance(self._db, self._workspace_id, consumer, now=at)

    async def _move(self, at: datetime) -> None:
        moved = True
        while moved:
            async with self._db.transaction(self._workspace_id, now=at) as tx:
                rows = await claim(tx, limit=10_000)
                if moved := bool(rows):
                    await self._engine.move(tx, rows, {})

    def _answer(self, row: Claimed, at: datetime) -> Result:
        """What the mail server said, and what the recipient will do."""
        dice = self._dice
        if dice.random() < FAILS:
            return Result(row.id, State.FAILED, 550, "5.1.1 No such user here", 1, at)
        if dice.random() < OPENS:
            turn = self._turn + 1 + dice.choice(DELAYS)
            self._opens[turn] += [Hit(row.id, 0)] * dice.choice((1, 1, 1, 2, 3))
            if row.id % REPLY_TO_OPENS == 0:
                self._replies[turn + 1].append(row.id)
            numbers = self._links.get(row.message_id, [])
            if numbers and dice.random() < CLICKS_OF_OPENS:
                self._clicks[turn].append((row.id, dice.choice(numbers)))
            if dice.random() < LEAVES:
                self._leaves[turn].append(row.id)
        elif row.id % APPLES == 0:
            self._opens[self._turn + 1].append(Hit(row.id, 0, sign=Verdict.PROXY))
        return Result(row.id, State.SENT, 250, "2.0.0 Accepted", 1, at)
