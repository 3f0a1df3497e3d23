"""What the tests of campaigns share."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.delivery.parts import DOCUMENT
from waypost.activities.consumers import advance as read_log
from waypost.campaigns.actions import create_campaign
from waypost.campaigns.launch import advance
from waypost.campaigns.queries import get_campaign, list_variants
from waypost.campaigns.rolling import ADMIT
from waypost.campaigns.tally import FOLLOW
from waypost.campaigns.types import Campaign, CampaignAudience, Variant
from waypost.delivery import claims
from waypost.delivery.claims import Result
from waypost.delivery.types import State
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message

EVERYONE = CampaignAudience(everyone=True)


async def message(tx: Tx, name: str = "Spring") -> int:
    made = await create_message(
        tx, name=name, subject="Hello %FIRSTNAME%", from_name="Olga", from_email="olga@example.com", document=DOCUMENT
    )
    return made.id


async def draft(tx: Tx, **given: Any) -> Campaign:
    given.setdefault("audience", EVERYONE)
    given.setdefault("name", "Spring sale")
    if "message_id" not in given:
        given["message_id"] = await message(tx)
    return await create_campaign(tx, **given)


class Days:
    """Runs the engine, a sender that always succeeds, and the log, at a time of the test's own."""

    def __init__(self, db: Database, workspace_id: int) -> None:
        self.db, self.workspace_id = db, workspace_id
        self.now = datetime.now(UTC)

    async def engine(self) -> None:
        """Until there is nothing to do at this moment."""
        while True:
            async with self.db.transaction(self.workspace_id, now=self.now) as tx:
                if not await advance(tx):
                    return

    async def deliver(self, *, failing: Sequence[str] = ()) -> int:
        """Everything that is due; returns how many were taken."""
        count = 0
        while True:
            async with self.db.transaction(self.workspace_id, now=self.now) as tx:
                rows = await claims.claim(tx, 1, 1000)
                results = [
                    Result(row.id, State.FAILED if row.email in failing else State.SENT, 250, "ok", 1, self.now)
                    for row in rows
                ]
                await claims.settle(tx, 1, results)
            count += len(rows)
            if not rows:
                return count

    async def log(self) -> None:
        for consumer in (FOLLOW, ADMIT):
            while await read_log(self.db, self.workspace_id, consumer, now=self.now):
                pass

    async def later(self, **span: float) -> None:
        self.now += timedelta(**span)
        await self.log()
        await self.engine()

    async def campaign(self, campaign_id: int) -> tuple[Campaign, list[Variant]]:
        async with self.db.read(self.workspace_id) as read:
            return await get_campaign(read, campaign_id), (await list_variants(read, [campaign_id]))[campaign_id]

    async def ledger(self, campaign_id: int) -> list[Any]:
        async with self.db.read(self.workspace_id) as read:
            return await read.all(
                sql(
                    """
                    select l.*, v.number from delivery.ledger l
                    join campaigns.variant v on v.workspace_id = l.workspace_id and v.sent_message_id = l.message_id
                    where l.workspace_id = {workspace} and l.source_kind = 2 and l.source_id = {id} order by l.id
                    """,
                    id=campaign_id,
                )
            )
