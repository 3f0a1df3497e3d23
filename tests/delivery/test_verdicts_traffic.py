"""How well people are told from machines, on simulated traffic whose truth is known."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from tests.make import Make
from waypost.delivery.actions import queue_messages
from waypost.delivery.events import write_clicks, write_opens
from waypost.delivery.signs import Asked, Hit, read_hit
from waypost.delivery.types import SourceKind
from waypost.delivery.verdicts import judge_due
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.messages.actions import create_message

pytestmark = pytest.mark.asyncio(loop_scope="session")
LINKS = 6
COUNT = 400
BROWSERS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
    "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0",
)
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
MIX = {"reader": 48, "colleague": 10, "apple": 15, "burst": 9, "crawler": 8, "gateway": 8, "quiet": 2}
Truth = dict[tuple[int, int, datetime], tuple[str, bool]]
"""For a ledger row, a link and a time: what kind of recipient it is, and whether a person asked."""


@dataclass(frozen=True)
class Request:
    """One request: seconds after the message was sent, and whether a person made it."""

    after: float
    asked: Asked
    link: int
    agent: str
    address: str
    is_human: bool


class Crowd:
    """Recipients and what stands before them."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)

    def requests(self, kind: str) -> Iterator[Request]:
        home = f"198.51.{self.dice.randrange(100)}.{self.dice.randrange(1, 250)}"
        if kind == "reader":
            yield from self._reader(home, self.dice.expovariate(1 / 900) + 3)
        elif kind == "apple":
            yield Request(self.dice.uniform(1, 900), Asked.OPEN, 0, "Mozilla/5.0", f"17.58.{self.dice.randrange(250)}.9", False)  # fmt: skip
            if self.dice.random() < 0.5:
                yield from self._clicks(home, self.dice.expovariate(1 / 1800) + 20)
        elif kind == "colleague":
            # A company's gateway looks at once, from the network that its people use later.
            yield from self._burst(home, self.dice.uniform(0.2, 3))
            yield from self._reader(home, self.dice.uniform(180, 3_000))
        elif kind == "burst":
            yield from self._burst(f"52.{self.dice.randrange(250)}.7.8", self.dice.choice((0.3, 2, 20, 400)))
        elif kind == "crawler":
            yield from self._crawler(self.dice.uniform(1, 90))
        elif kind == "quiet":
            # Nothing gives it away but that no person did it: what cannot be found.
            after, agent = self.dice.uniform(10, 90), self.dice.choice(BROWSERS)
            yield Request(after, Asked.OPEN, 0, agent, home, False)
            yield Request(after + self.dice.uniform(2, 20), Asked.CLICK, 1, agent, home, False)
        else:
            yield from self._gateway(self.dice.uniform(0.5, 60))

    def _reader(self, home: str, after: float) -> Iterator[Request]:
        has_images = self.dice.random() < 0.85
        if has_images:
            agent = GMAIL if self.dice.random() < 0.4 else self.dice.choice(BROWSERS)
            yield Request(after, Asked.OPEN, 0, agent, home, True)
            if self.dice.random() < 0.3:
                yield Request(after + self.dice.uniform(60, 5_000), Asked.OPEN, 0, agent, home, True)
        if not has_images or self.dice.random() < 0.35:
            yield from self._clicks(home, after + self.dice.uniform(2, 60))

    def _clicks(self, home: str, after: float) -> Iterator[Request]:
        agent = self.dice.choice(BROWSERS)
        for link in self.dice.sample(range(1, LINKS + 1), self.dice.choice((1, 1, 1, 2, 3))):
            yield Request(after, Asked.CLICK, link, agent, home, True)
            # Some open two tabs at once, and some are looked after by a guard in their own network.
            after += self.dice.uniform(0.3, 0.8) if self.dice.random() < 0.04 else self.dice.uniform(1.5, 40)
            if self.dice.random() < 0.01:
                yield Request(after, Asked.HEAD, link, agent, home, False)

    def _burst(self, address: str, after: float) -> Iterator[Request]:
        """Loads the images, then every link in any order within a moment, as a browser."""
        agent = self.dice.choice(BROWSERS)
        yield Request(after, Asked.OPEN, 0, agent, address, False)
        for link in self.dice.sample(range(1, LINKS + 1), LINKS):
            after += self.dice.uniform(0.05, 0.9)
            yield Request(after, Asked.CLICK, link, agent, address, False)

    def _crawler(self, after: float) -> Iterator[Request]:
        """Slow, from several networks, but follows what nobody sees."""
        net = self.dice.randrange(200)
        for link in self.dice.sample(range(LINKS + 1), LINKS + 1):
            asked = Asked.CLICK if link else Asked.HONEYPOT
            address = f"203.0.{net + self.dice.randrange(2)}.{self.dice.randrange(1, 250)}"
            yield Request(after, asked, link, BROWSERS[0], address, False)
            after += self.dice.uniform(0.5, 4)

    def _gateway(self, after: float) -> Iterator[Request]:
        """Names itself or asks by HEAD, then fetches some as a browser."""
        net = f"100.64.{self.dice.randrange(250)}."
        names = self.dice.random() < 0.5
        for link in self.dice.sample(range(1, LINKS + 1), 3):
            yield Request(after, Asked.CLICK if names else Asked.HEAD, link, "Barracuda Sentinel (EE)" if names else BROWSERS[0], net + "7", False)  # fmt: skip
            after += self.dice.uniform(1, 6)
            yield Request(after, Asked.CLICK, link, BROWSERS[2], net + "9", False)


def as_hit(request: Request, ledger_id: int) -> Hit:
    scope = {"client": (request.address, 1), "headers": [(b"user-agent", request.agent.encode())]}
    return read_hit(scope, ledger_id, request.link, request.asked)


async def sent(db: Database, workspace_id: int, make: Make, now: datetime) -> list[int]:
    blocks = [
        {"id": f"b{number}", "type": "button", "props": {"label": "Go", "href": f"https://example.com/{number}"}}
        for number in range(LINKS)
    ]
    document = {"version": 1, "kind": "email", "settings": {}, "blocks": blocks}
    async with db.transaction(workspace_id, now=now) as tx:
        people = await make.contacts(tx, COUNT)
        message = await create_message(
            tx, name="News", subject="News", from_name="Olga", from_email="olga@example.com", document=document
        )
        await queue_messages(tx, message.id, people, source_kind=SourceKind.CAMPAIGN, source_id=1)
        rows = await tx.all(
            sql(
                """
                update delivery.ledger set state = 2, sent_at = {now}
                where workspace_id = {workspace} and message_id = {id} returning id
                """,
                id=message.id,
            )
        )
    return sorted(row["id"] for row in rows)


async def test_people_are_told_from_machines(db: Database, workspace_id: int, make: Make) -> None:
    crowd = Crowd(seed=11)
    start = datetime.now(UTC)
    ledger_ids = await sent(db, workspace_id, make, start)
    kinds = crowd.dice.choices(list(MIX), list(MIX.values()), k=COUNT)
    truth: Truth = {}
    lots: dict[int, list[Hit]] = {}
    for ledger_id, kind in zip(ledger_ids, kinds, strict=True):
        for request in crowd.requests(kind):
            tick = round(request.after * 4)
            lots.setdefault(tick, []).append(as_hit(request, ledger_id))
            truth[ledger_id, request.link, start + timedelta(seconds=tick / 4)] = (kind, request.is_human)
    for tick in sorted(lots):
        now = start + timedelta(seconds=tick / 4)
        async with db.transaction(workspace_id, now=now) as tx:
            await judge_due(tx)
            await write_clicks(tx, [hit for hit in lots[tick] if hit.asked is not Asked.OPEN])
            await write_opens(tx, [hit for hit in lots[tick] if hit.asked is Asked.OPEN])
    end = start + timedelta(seconds=max(lots) / 4)
    for seconds in (10, 20, 30):
        async with db.transaction(workspace_id, now=end + timedelta(seconds=seconds)) as tx:
            while await judge_due(tx):
                pass
    await _check(db, workspace_id, truth)


async def _check(db: Database, workspace_id: int, truth: Truth) -> None:
    async with db.read(workspace_id) as read:
        events = await read.all(
            sql("select ledger_id, link, at, kind, verdict from delivery.event where workspace_id = {workspace}")
        )
        drift = await read.value(
            sql(
                """
                select count(*) from delivery.ledger l
                cross join lateral (
                    select count(*) filter (where kind = 1) as opens, count(*) filter (where kind = 2) as clicks
                    from delivery.event e
                    where e.workspace_id = {workspace} and e.ledger_id = l.id and e.verdict = 1) as told
                where l.workspace_id = {workspace} and (
                    (l.open_count, l.click_count) <> (told.opens, told.clicks)
                    or (l.opened_at is null) <> (told.opens = 0) or (l.clicked_at is null) <> (told.clicks = 0))
                """
            )
        )
        facts = await read.value(
            sql("select count(*) from activities.fact where workspace_id = {workspace} and kind in (201, 202)")
        )
        engaged = await read.value(
            sql("select sum(open_count + click_count) from activities.engagement where workspace_id = {workspace}")
        )
    assert all(event["verdict"] for event in events), "everything is judged in the end"
    found = Counter[tuple[str, bool, bool]]()
    missed = Counter[tuple[str, bool]]()
    for event in events:
        kind, is_human = truth[event["ledger_id"], event["link"], event["at"]]
        is_told = event["verdict"] == 1
        found["open" if event["kind"] == 1 else "click", is_human, is_told] += 1
        if is_human != is_told:
            missed[kind, is_human] += 1
    for name in ("open", "click"):
        right, wrong, lost = found[name, True, True], found[name, False, True], found[name, True, False]
        precision, recall = right / (right + wrong), right / (right + lost)
        machines = found[name, False, False]
        print(f"{name}s of people: precision {precision:.3f}, recall {recall:.3f}; {machines} of {machines + wrong} by machines kept out")  # fmt: skip
        assert precision >= 0.95, missed
        assert recall >= 0.95, missed
    print(f"misjudged (who, is a person): {dict(missed)}")
    assert drift == 0, "the ledger says what the verdicts say"
    assert facts == engaged == found["open", True, True] + found["open", False, True] + found["click", True, True] + found["click", False, True]  # fmt: skip
