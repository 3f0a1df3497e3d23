"""What follows from bounces, complaints and replies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.delivery.parts import facts, ledger, message_to
from tests.delivery.sink import Sink
from tests.delivery.test_outbox import send_all
from tests.make import Make
from waypost.activities.consumers import advance
from waypost.contacts.actions.subscriptions import create_list, subscribe
from waypost.delivery.bounce_causes import Cause
from waypost.delivery.bounces import What
from waypost.delivery.inbound import FOLLOW_FAILURES, Arrival, take
from waypost.delivery.types import State
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def sent_to(tx: Tx, contact_id: int) -> int:
    """A ledger row of a message that the server took over."""
    message_id = await message_to(tx, [contact_id])
    return await tx.value(
        sql(
            """
            update delivery.ledger set state = 2, sent_at = {now}
            where workspace_id = {workspace} and message_id = {message_id} returning id
            """,
            message_id=message_id,
        )
    )


async def suppressed(tx: Tx) -> dict[str, int]:
    rows = await tx.all(sql("select address, reason from delivery.suppression where workspace_id = {workspace}"))
    return {row["address"]: row["reason"] for row in rows}


async def status_of(tx: Tx, contact_id: int) -> list[int]:
    rows = await tx.all(
        sql(
            "select status from contacts.subscription where workspace_id = {workspace} and contact_id = {id}",
            id=contact_id,
        )
    )
    return [row["status"] for row in rows]


async def listed(tx: Tx, make: Make, email: str) -> int:
    contact_id = await make.contact(tx, email)
    made = await create_list(tx, name=f"News for {email}")
    await subscribe(tx, made.id, sql("select {id}::bigint as contact_id", id=contact_id))
    return contact_id


def bounce(ledger_id: int, cause: Cause, source: str = "smtp") -> Arrival:
    return Arrival(ledger_id, What.BOUNCE, source, cause, status="5.1.1", diagnostic="550 as it is")


async def test_a_hard_bounce_suppresses_at_once_and_only_once(tx: Tx, make: Make) -> None:
    person = await listed(tx, make, "gone@example.org")
    row = await sent_to(tx, person)
    assert await take(tx, [bounce(row, Cause.UNKNOWN_ADDRESS), bounce(row, Cause.UNKNOWN_ADDRESS, "webhook")]) == 1
    assert await take(tx, [bounce(row, Cause.INACTIVE, "postmark")]) == 0
    assert await suppressed(tx) == {"gone@example.org": 1}
    assert await status_of(tx, person) == [3]
    found = await tx.all(sql("select data from activities.fact where workspace_id = {workspace} and kind = 205"))
    assert [item["data"]["severity"] for item in found] == ["hard"]
    assert found[0]["data"]["reason"] == "550 as it is"
    bounce_row = await tx.one(
        sql("select bounce, bounced_at from delivery.ledger where workspace_id = {workspace} and id = {id}", id=row)
    )
    assert bounce_row["bounce"] == 1
    assert bounce_row["bounced_at"] == tx.now
    later = await message_to(tx, [person])
    state = await tx.value(
        sql("select state from delivery.ledger where workspace_id = {workspace} and message_id = {id}", id=later)
    )
    assert state == State.SUPPRESSED


async def test_three_soft_ones_in_a_row_suppress_and_a_delivery_begins_anew(tx: Tx, make: Make) -> None:
    full, reader, stranger = [await listed(tx, make, f"{name}@example.org") for name in ("full", "reader", "big")]
    for turn in range(3):
        await take(tx, [bounce(await sent_to(tx, full), Cause.MAILBOX_FULL)])
        await take(tx, [bounce(await sent_to(tx, reader), Cause.MAILBOX_FULL)])
        await take(tx, [bounce(await sent_to(tx, stranger), Cause.OVERSIZE if turn else Cause.TRANSIENT)])
        if turn == 1:
            assert await suppressed(tx) == {}
            await sent_to(tx, reader)
    assert await suppressed(tx) == {"full@example.org": 1}
    assert [await status_of(tx, person) for person in (full, reader, stranger)] == [[3], [1], [1]]


async def test_what_says_nothing_about_the_address_neither_counts_nor_resets(tx: Tx, make: Make) -> None:
    person = await listed(tx, make, "slow@example.org")
    causes = (Cause.MAILBOX_FULL, Cause.OVERSIZE, Cause.EXPIRED, Cause.POLICY, Cause.GREYLISTED, Cause.MAILBOX_FULL)
    for cause in causes:
        assert await suppressed(tx) == {}
        await take(tx, [bounce(await sent_to(tx, person), cause)])
    assert await suppressed(tx) == {"slow@example.org": 1}


async def test_notices_in_any_order_and_in_one_lot(tx: Tx, make: Make) -> None:
    person = await listed(tx, make, "late@example.org")
    rows = [await sent_to(tx, person) for _ in range(3)]
    await take(tx, [bounce(row, Cause.MAILBOX_FULL) for row in reversed(rows)])
    assert await suppressed(tx) == {"late@example.org": 1}


async def test_a_complaint_unsubscribes_and_suppresses(tx: Tx, make: Make) -> None:
    person = await listed(tx, make, "angry@example.org")
    row = await sent_to(tx, person)
    assert await take(tx, [Arrival(row, What.COMPLAINT, "smtp", diagnostic="abuse")] * 2) == 1
    assert await suppressed(tx) == {"angry@example.org": 2}
    assert await status_of(tx, person) == [2]


async def test_replies_are_kept_one_by_one_and_automatic_ones_are_no_fact(tx: Tx, make: Make) -> None:
    person = await listed(tx, make, "chatty@example.org")
    row = await sent_to(tx, person)
    replies = [Arrival(row, What.REPLY, "smtp", subject="Re", text=text, mark=text) for text in ("Blue?", "Red?")]
    away = Arrival(row, What.AUTO_REPLY, "smtp", subject="Away", mark="a")
    assert await take(tx, [*replies, away, replies[0]]) == 3
    kinds = await tx.all(
        sql("select kind from activities.fact where workspace_id = {workspace} and kind in (205, 207)")
    )
    assert [item["kind"] for item in kinds] == [207, 207]
    assert await suppressed(tx) == {}
    assert await status_of(tx, person) == [1]


async def test_an_address_that_has_changed_since_leaves_the_contact_subscribed(tx: Tx, make: Make) -> None:
    person = await listed(tx, make, "old@example.org")
    row = await sent_to(tx, person)
    await tx.run(
        sql(
            "update contacts.contact set email = 'new@example.org' where workspace_id = {workspace} and id = {id}",
            id=person,
        )
    )
    await take(tx, [bounce(row, Cause.UNKNOWN_ADDRESS)])
    assert await suppressed(tx) == {"old@example.org": 1}
    assert await status_of(tx, person) == [1]


async def test_rows_of_others_and_of_nobody_are_left_alone(tx: Tx) -> None:
    assert await take(tx, [bounce(999_999_999, Cause.UNKNOWN_ADDRESS)]) == 0


async def test_a_refusal_in_the_session_goes_the_same_way(
    db: Database, workspace_id: int, make: Make, tmp_path: Path
) -> None:
    async with db.transaction(workspace_id) as tx:
        people: list[Any] = [await make.contact(tx, f"session{n}@example.org") for n in range(3)]
        message_id = await message_to(tx, people)
    async with Sink() as sink:
        sink.answers = {
            "session0@example.org": "550 5.1.1 no such user",
            "session1@example.org": "552 5.3.4 Message size exceeds the limit",
        }
        await send_all(db, workspace_id, sink, tmp_path)
    while await advance(db, workspace_id, FOLLOW_FAILURES):
        pass
    rows = {row["email"]: row for row in await ledger(db, workspace_id, message_id)}
    assert [rows[f"session{n}@example.org"]["bounce"] for n in range(3)] == [1, 3, None]
    async with db.read(workspace_id) as read:
        found = await read.all(sql("select address from delivery.suppression where workspace_id = {workspace}"))
    assert [row["address"] for row in found] == ["session0@example.org"]
    causes = {row["contact_id"]: row["data"]["cause"] for row in await facts(db, workspace_id) if row["kind"] == 205}
    assert causes == {people[0]: "unknown_address", people[1]: "oversize"}
