"""A lively sample workspace: contacts, messages and automations that have been running for a while."""

from __future__ import annotations

from waypost.app.domains import build_registry
from waypost.app.seed.automations import seed_automations
from waypost.app.seed.contacts import seed_contacts
from waypost.app.seed.messages import seed_messages
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.sql import sql


async def seed(settings: Settings) -> bool:
    """Fill the first workspace; False when it holds contacts already."""
    registry = build_registry()
    db = await Database.open(settings.database_url, registry=registry, settings=settings, max_size=4)
    try:
        async with db.read(0) as read:
            workspace_id = await read.value(sql("select min(id) from identity.workspace"))
        async with db.read(workspace_id) as read:
            if await read.value(sql("select exists (select 1 from contacts.contact where workspace_id = {workspace})")):
                return False
        await seed_contacts(db, workspace_id)
        await seed_messages(db, workspace_id)
        await seed_automations(db, registry, workspace_id)
        return True
    finally:
        await db.close()
