"""Workspaces."""

from __future__ import annotations

from waypost.identity.types import Workspace
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def create_workspace(tx: Tx, *, name: str, time_zone: str = "UTC") -> Workspace:
    """A new, empty workspace. The transaction goes on in the one it was opened for."""
    return await tx.one(
        sql(
            """
            insert into identity.workspace (name, time_zone, created_at)
            values ({name}, {time_zone}, {now}) returning id, name, time_zone, created_at
            """,
            name=name,
            time_zone=time_zone,
        ),
        Workspace,
    )


async def update_workspace(tx: Tx, *, name: str | None = None, time_zone: str | None = None) -> Workspace:
    return await tx.one(
        sql(
            """
            update identity.workspace
            set name = coalesce({name}::text, name), time_zone = coalesce({time_zone}::text, time_zone)
            where id = {workspace} returning id, name, time_zone, created_at
            """,
            name=name,
            time_zone=time_zone,
        ),
        Workspace,
    )
