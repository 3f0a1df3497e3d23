"""What the tests of delivery share."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from waypost.delivery.actions import queue_messages
from waypost.delivery.channels.base import Channel
from waypost.delivery.journal import Journal
from waypost.delivery.outbox import Outbox
from waypost.delivery.tracking import FLUSH_SECONDS, Gatherer
from waypost.delivery.types import SourceKind
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork
from waypost.messages.actions import create_message

DOCUMENT = {
    "version": 1,
    "kind": "email",
    "settings": {},
    "blocks": [
        {"id": "b1", "type": "text", "props": {"html": "<p>Grüße, %FIRSTNAME|friend%!</p>"}},
        {"id": "b2", "type": "button", "props": {"label": "Read", "href": "https://example.com/read?who=%EMAIL%"}},
        {"id": "b3", "type": "button", "props": {"label": "Shop", "href": "https://example.com/shop"}},
    ],
}


async def message_to(tx: Tx, people: Sequence[int], *, subject: str = "Hello %FIRSTNAME%") -> int:
    """A message, queued for the people; returns its id."""
    message = await create_message(
        tx, name="Hello", subject=subject, from_name="Olga", from_email="olga@example.com", document=DOCUMENT
    )
    await queue_messages(tx, message.id, people, source_kind=SourceKind.CAMPAIGN, source_id=1)
    return message.id


def system_work(db: Database) -> SystemWork:
    return SystemWork(db, db.settings, db.registry, Files(db.settings))


def outbox_with(db: Database, channel: Channel, journal: Journal) -> Outbox:
    return Outbox(system_work(db), channel, journal)


async def ledger(db: Database, workspace_id: int, message_id: int) -> list[Any]:
    async with db.read(workspace_id) as read:
        return await read.all(
            sql(
                """
                select * from delivery.ledger
                where workspace_id = {workspace} and message_id = {message_id} order by id
                """,
                message_id=message_id,
            )
        )


async def facts(db: Database, workspace_id: int, *, most: int = 299) -> list[Any]:
    async with db.read(workspace_id) as read:
        return await read.all(
            sql(
                """
                select contact_id, kind, object_id, data from activities.fact
                where workspace_id = {workspace} and kind between 200 and {most} order by id
                """,
                most=most,
            )
        )


async def events_written() -> None:
    """What the tracking addresses were asked for up to now is in the database; they write a moment after they answer."""
    # Timers of one loop ring in order, so every flush due has begun when this one rings.
    await asyncio.sleep(FLUSH_SECONDS * 1.1)
    store = Gatherer._store.__qualname__  # pyright: ignore[reportPrivateUsage]
    while busy := [task for task in asyncio.all_tasks() if task.get_coro().__qualname__ == store]:
        await asyncio.wait(busy)
