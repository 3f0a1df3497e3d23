"""Limits, warm-up plans, quiet hours and frequency caps: exact under several workers, and nothing is lost."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from tests.delivery.parts import ledger, message_to, outbox_with, system_work
from tests.make import Client, Make
from waypost.delivery.channels.null import NullChannel
from waypost.delivery.journal import open_journal
from waypost.delivery.outbox import Outbox
from waypost.delivery.throttle import DAY, HOUR, Candidate, Judge, Limit, Quota, Rules, window_of
from waypost.delivery.throttle_jobs import ReleaseHeld
from waypost.delivery.throttle_rules import SendingRule, save_limit, save_rule
from waypost.delivery.warmup import WarmUp
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.work import Work

pytestmark = pytest.mark.asyncio(loop_scope="session")
UTC_ZONE = ZoneInfo("UTC")
NOW = datetime(2026, 11, 22, 12, 30, tzinfo=UTC)


def judge(*limits: Limit, now: datetime = NOW, **rules: Any) -> Judge:
    found = {(limit.scope, limit.key): limit for limit in limits}
    given = {"zone": UTC_ZONE, "quiet": None, "cap": None, "cap_skips": False} | rules
    quotas = {
        (limit.scope, limit.key, seconds): Quota(limit, seconds, window_of(seconds, now, given["zone"]))
        for limit in limits
        for seconds in limit.windows
    }
    return Judge(Rules(limits=found, **given), now, quotas)


def candidates(count: int, *keys: tuple[int, str]) -> list[Candidate]:
    return [Candidate(number, number, is_exempt=False, keys=keys) for number in range(count)]


async def test_those_beyond_a_limit_are_spread_over_later_windows() -> None:
    found = judge(Limit(1, "", None, 3, None, None)).decide(candidates(10, (1, "")))
    assert sorted(found) == [3, 4, 5, 6, 7, 8, 9]
    hours = [hold.until.hour if hold.until else None for hold in found.values()]
    assert hours == [13, 13, 13, 14, 14, 14, 15]
    assert len({hold.until for hold in found.values()}) == 7
    assert found[3].reason == "Waits: limit of 3 an hour in all."


async def test_a_warm_up_grows_each_day_until_it_is_over() -> None:
    plan = WarmUp(date(2026, 11, 22), 100, 50, 1_000)
    days = [plan.limit_on(date(2026, 11, 22) + timedelta(days=number)) for number in range(8)]
    assert days == [100, 150, 225, 337, 505, 757, None, None]
    tiny = WarmUp(date(2026, 11, 22), 1, 10, 5)
    assert [tiny.limit_on(date(2026, 11, 22) + timedelta(days=number)) for number in range(6)] == [1, 2, 3, 4, 5, None]
    found = judge(Limit(3, "7", None, None, None, plan)).decide(candidates(400, (3, "7")))
    spilled = Counter(hold.until for hold in found.values())
    assert spilled == {NOW + timedelta(days=1): 150, NOW + timedelta(days=2): 150}


async def test_the_strictest_of_several_limits_decides_and_exempt_messages_only_count() -> None:
    both = judge(Limit(1, "", None, 8, None, None), Limit(4, "gmail.com", None, None, 2, None))
    held = both.decide(candidates(5, (1, ""), (4, "gmail.com")))
    assert sorted(held) == [2, 3, 4]
    assert "to gmail.com" in held[2].reason
    more = [Candidate(10 + number, None, is_exempt=True, keys=[(1, "")]) for number in range(9)]
    assert both.decide(more) == {}
    assert both.quotas[(1, "", HOUR)].used == 11
    assert both.quotas[(4, "gmail.com", DAY)].used == 2


@pytest.mark.parametrize(
    ("clock", "until"),
    [("21:59", None), ("22:00", "2026-11-23 08:00"), ("03:00", "2026-11-22 08:00"), ("08:00", None)],
)
async def test_quiet_hours_end_by_the_workspaces_clock(clock: str, until: str | None) -> None:
    zone = ZoneInfo("Europe/Berlin")
    now = datetime.fromisoformat(f"2026-11-22 {clock}").replace(tzinfo=zone).astimezone(UTC)
    found = judge(now=now, zone=zone, quiet=(time(22), time(8))).decide(candidates(1))
    expected = None if until is None else datetime.fromisoformat(until).replace(tzinfo=zone)
    assert [hold.until for hold in found.values()] == ([] if expected is None else [expected])


async def test_quiet_hours_go_by_the_contacts_own_clock_where_it_is_known() -> None:
    now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    found = judge(now=now, quiet=(time(22), time(8)))
    found.zones = {1: ZoneInfo("America/New_York"), 2: ZoneInfo("Asia/Tokyo")}
    held = found.decide(candidates(4))
    assert sorted(held) == [0, 3], "18:30 in New York and 8:30 in Tokyo are fine"
    assert held[0].until == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Workers:
    """Several outboxes on one workspace, each with a journal of its own."""

    def __init__(self, db: Database, folder: Path, count: int, batch: int) -> None:
        self.channels = [NullChannel() for _ in range(count)]
        self.journals = [open_journal(folder, number) for number in range(count)]
        self.outboxes = [
            Outbox(system_work(db), channel, journal, batch=batch)
            for channel, journal in zip(self.channels, self.journals, strict=True)
        ]

    async def run(self, workspace_id: int) -> Counter[str]:
        """Everything that is due, by all of them at once; what each address has got so far."""

        async def drain(outbox: Outbox) -> None:
            while await outbox.tick(workspace_id):
                pass

        await asyncio.gather(*(drain(outbox) for outbox in self.outboxes))
        return Counter(envelope.recipient for channel in self.channels for envelope, _ in channel.sent)

    def close(self) -> None:
        for journal in self.journals:
            journal.close()


async def next_day(db: Database, workspace_id: int) -> None:
    """As if a day had passed: counters stand for yesterday, and what was planned for today is due."""
    async with db.transaction(workspace_id) as tx:
        await tx.run(
            sql(
                """
                update delivery.quota set window_number = window_number - 1, planned_window = planned_window - 1
                where workspace_id = {workspace} and seconds = 86400
                """
            )
        )
        await tx.run(
            sql(
                """
                update delivery.ledger set due_at = due_at - interval '1 day', sent_at = sent_at - interval '1 day'
                where workspace_id = {workspace}
                """
            )
        )


async def test_three_workers_together_keep_a_days_limit_and_the_rest_goes_out_later(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        message_id = await message_to(tx, await make.contacts(tx, 350))
        await save_limit(tx, Limit(1, "", None, None, 100, None))
    workers = Workers(db, tmp_path, 3, 20)
    sent = await workers.run(workspace_id)
    assert (len(sent), set(sent.values())) == (100, {1})
    rows = await ledger(db, workspace_id, message_id)
    held = Counter((row["due_at"] - datetime.now(UTC)).days + 1 for row in rows if row["state"] == 0)
    assert held == {1: 100, 2: 100, 3: 50}
    assert {row["smtp_reply"] for row in rows if row["state"] == 0} == {"Waits: limit of 100 a day in all."}
    assert {row["attempts"] for row in rows if row["state"] == 0} == {0}
    totals: list[int] = []
    for _ in range(3):
        await next_day(db, workspace_id)
        totals.append(len(await workers.run(workspace_id)))
    assert totals == [200, 300, 350]
    workers.close()
    assert {row["state"] for row in await ledger(db, workspace_id, message_id)} == {2}


async def test_a_limit_a_second_holds_over_any_longer_stretch(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        await message_to(tx, await make.contacts(tx, 90))
        await save_limit(tx, Limit(1, "", 25, None, None, None))
    workers = Workers(db, tmp_path, 3, 10)
    first = int(datetime.now(UTC).timestamp())
    sent: Counter[str] = Counter()
    while len(sent) < 90:
        sent = await workers.run(workspace_id)
        seconds = int(datetime.now(UTC).timestamp()) - first + 1
        assert len(sent) <= 25 * seconds
        assert seconds < 60
        await asyncio.sleep(0.1)
    workers.close()
    assert set(sent.values()) == {1}


@pytest.mark.parametrize("skips", [True, False])
async def test_nobody_is_mailed_more_often_than_the_cap(
    db: Database, workspace_id: int, make: Make, tmp_path: Path, skips: bool
) -> None:
    async with db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 40)
        await save_rule(tx, SendingRule(None, None, 2, 7, skips))
        messages = [await message_to(tx, people, subject=f"Number {number}") for number in range(4)]
    workers = Workers(db, tmp_path, 3, 7)
    sent = await workers.run(workspace_id)
    assert (len(sent), set(sent.values())) == (40, {2})
    rows = [row for message_id in messages for row in await ledger(db, workspace_id, message_id)]
    states = Counter(row["state"] for row in rows)
    assert states == {2: 80, 4 if skips else 0: 80}
    assert all("frequency cap" in row["smtp_reply"] for row in rows if row["state"] != 2)
    if not skips:
        waits = [row["due_at"] - datetime.now(UTC) for row in rows if row["state"] == 0]
        assert all(timedelta(days=6, hours=23) < wait <= timedelta(days=7) for wait in waits)
        for _ in range(7):
            await next_day(db, workspace_id)
        assert set((await workers.run(workspace_id)).values()) == {4}
    workers.close()


async def test_quiet_hours_and_domain_limits_show_in_the_contacts_messages(
    db: Database, client: Client, make: Make, tmp_path: Path
) -> None:
    now = datetime.now(UTC)
    quiet = {
        "quiet_from": f"{now - timedelta(hours=1):%H:%M}",
        "quiet_until": f"{now + timedelta(hours=1):%H:%M}",
    }
    assert (await client.put("/api/v1/sending-rules", json=quiet)).status_code == 200
    async with db.transaction(client.workspace_id) as tx:
        people = [await make.contact(tx, f"p{number}@slow.example") for number in range(3)]
        await message_to(tx, people)
    workers = Workers(db, tmp_path, 1, 100)
    assert not await workers.run(client.workspace_id)
    (item,) = (await client.get(f"/api/v1/contacts/{people[0]}/messages")).json()["items"]
    assert item["state"] == "queued"
    assert item["reason"].startswith("Waits: quiet hours until")
    assert datetime.fromisoformat(item["due_at"]) > now + timedelta(minutes=50)
    await client.put("/api/v1/sending-rules", json={})
    limit = {"scope": "domain", "key": "*", "per_hour": 2}
    assert (await client.put("/api/v1/sending-limits", json=limit)).status_code == 200
    work = system_work(db)
    await ReleaseHeld().run(Work(work.db, work.settings, work.registry, work.files, workspace_id=client.workspace_id))
    assert len(await workers.run(client.workspace_id)) == 2
    workers.close()


async def test_limits_over_http(db: Database, client: Client) -> None:
    plan = {"starts_on": "2026-11-22", "first": 50, "growth": 40, "until": 5000}
    sender = (await client.post("/api/v1/senders", json={"from_email": "ada@example.com"})).json()
    body = {"scope": "sender", "key": str(sender["id"]), "per_second": 5, "warm_up": plan}
    made = (await client.put("/api/v1/sending-limits", json=body)).json()
    assert made["warm_up"] == plan
    assert made["allowed_today"] is not None
    assert len((await client.get("/api/v1/sending-limits")).json()["items"]) == 1
    for wrong in (
        {"scope": "sender", "key": "999999", "per_day": 1},
        {"scope": "relay", "key": "abc", "per_day": 1},
        {"scope": "domain", "key": "nodot", "per_day": 1},
        {"scope": "workspace", "key": "", "per_day": 0},
    ):
        assert (await client.put("/api/v1/sending-limits", json=wrong)).status_code in (404, 422), wrong
    half = await client.put("/api/v1/sending-rules", json={"cap_count": 3})
    assert half.status_code == 422
    assert (
        await client.put("/api/v1/sending-rules", json={"quiet_from": "25:00", "quiet_until": "08:00"})
    ).status_code == 422
    rule = {"quiet_from": "22:00", "quiet_until": "08:00", "cap_count": 3, "cap_days": 7, "cap_skips": True}
    await client.put("/api/v1/sending-rules", json=rule)
    assert (await client.get("/api/v1/sending-rules")).json() == rule
    await client.put("/api/v1/sending-limits", json={"scope": "sender", "key": str(sender["id"])})
    assert (await client.get("/api/v1/sending-limits")).json()["items"] == []


async def test_a_workspace_without_rules_is_not_slowed(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        await message_to(tx, await make.contacts(tx, 30))
    journal, channel = open_journal(tmp_path, 0), NullChannel()
    await outbox_with(db, channel, journal).tick(workspace_id)
    journal.close()
    assert len(channel.sent) == 30
