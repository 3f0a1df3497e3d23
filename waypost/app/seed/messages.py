"""Messages of the sample workspace, from the ready templates."""

from __future__ import annotations

from waypost.kernel.db import Database
from waypost.messages.actions import create_message
from waypost.messages.routes import load_templates


async def seed_messages(db: Database, workspace_id: int) -> None:
    """One message of each template, from a sender of the sample workspace."""
    async with db.transaction(workspace_id) as tx:
        # lint: no-row-loops because a turn is one of a few templates
        for template in load_templates():
            await create_message(
                tx,
                name=template.name,
                subject=template.subject,
                preheader=template.preheader,
                from_name="Olga of Harbour Coffee",
                from_email="hello@harbour.example",
                document=template.document,
            )
