"""A lively sample workspace: a coffee roaster's, lived through the last weeks by the real engines.

Everything happens in its order and at its time: people arrive, automations let them in and send,
some open and click, waits end. Nothing is left in the outbox, so no mail leaves when it starts.
"""

from __future__ import annotations

from datetime import UTC, datetime

from waypost.app.domains import build_registry
from waypost.app.seed.automations import seed_automations
from waypost.app.seed.deals import seed_deals
from waypost.app.seed.life import live
from waypost.app.seed.messages import seed_library, seed_messages
from waypost.app.seed.people import seed_structure
from waypost.app.seed.scores import seed_scores
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.sql import sql


async def seed(settings: Settings) -> bool:
    """Fill the first workspace; False when it holds contacts already."""
    db = await Database.open(settings.database_url, registry=build_registry(), settings=settings, max_size=4)
    try:
        async with db.read(0) as read:
            workspace_id = await read.value(sql("select min(id) from identity.workspace"))
        async with db.read(workspace_id) as read:
            if await read.value(sql("select exists (select 1 from contacts.contact where workspace_id = {workspace})")):
                return False
        await fill(db, workspace_id, now=datetime.now(UTC))
        return True
    finally:
        await db.close()


async def fill(db: Database, workspace_id: int, *, now: datetime) -> None:
    """An empty workspace gets its past up to now."""
    async with db.transaction(workspace_id, now=now) as tx:
        words = await seed_structure(tx)
        letters = await seed_messages(tx)
        await seed_library(tx)
        automations = await seed_automations(tx, words, letters)
        await seed_scores(tx, words)
    await live(db, workspace_id, words, letters, automations, now=now)
    await seed_deals(db, workspace_id, now=now)
