"""First start: schema, partitions, a workspace, its owner and an API key."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from waypost.activities.partitions import ensure_partitions
from waypost.identity.actions.api_keys import create_api_key
from waypost.identity.actions.users import create_user
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.config import Settings
from waypost.kernel.db import Database, connect
from waypost.kernel.migrate import migrate
from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql


@dataclass(frozen=True, slots=True)
class FirstSecrets:
    """What is shown once, on the very first start."""

    workspace_id: int
    email: str
    password: str
    api_key: str


async def prepare_database(settings: Settings) -> list[str]:
    """Migrations, then the log's partitions around now."""
    applied = await migrate(settings.database_url)
    conn = await connect(settings.database_url)
    try:
        await ensure_partitions(conn, now=datetime.now(UTC), months_back=1)
    finally:
        await conn.close()
    return applied


async def first_workspace(settings: Settings, *, name: str = "My workspace") -> FirstSecrets | None:
    """Make the first workspace with its owner and key; None when there is one already."""
    db = await Database.open(settings.database_url, registry=Registry(()), settings=settings, max_size=2)
    try:
        async with db.transaction(0) as tx:
            await tx.run(sql("lock table identity.workspace in exclusive mode"))
            if await tx.value(sql("select exists (select 1 from identity.workspace)")):
                return None
            workspace = await create_workspace(tx, name=name)
            email = settings.admin_email or "admin@example.com"
            password = settings.admin_password or secrets.token_urlsafe(12)
            inside = tx.in_workspace(workspace.id)
            user = await create_user(inside, email=email, name="", role="owner", password=password)
            key = await create_api_key(inside, name="First key", user_id=user.id, key=settings.api_key or None)
        return FirstSecrets(workspace.id, email, password, key.key)
    finally:
        await db.close()
