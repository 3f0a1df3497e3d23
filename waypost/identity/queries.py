"""Reading workspaces, users and keys."""

from __future__ import annotations

from waypost.identity.errors import UserNotFound
from waypost.identity.types import ApiKey, User, Workspace
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx


async def get_workspace(tx: ReadTx) -> Workspace:
    """The workspace at hand."""
    return await tx.one(
        sql("select id, name, time_zone, created_at from identity.workspace where id = {workspace}"), Workspace
    )


async def list_workspace_ids(tx: ReadTx) -> list[int]:
    """Every workspace of the installation, for background work."""
    return [row["id"] for row in await tx.all(sql("select id from identity.workspace order by id"))]


async def list_users(tx: ReadTx) -> list[User]:
    return await tx.all(
        sql(
            """
            select u.id, u.email, u.name, m.role, u.created_at, u.updated_at
            from identity.membership m join identity.user_account u on u.id = m.user_id
            where m.workspace_id = {workspace} order by u.id
            """
        ),
        User,
    )


async def get_user(tx: ReadTx, user_id: int) -> User:
    for user in await list_users(tx):
        if user.id == user_id:
            return user
    raise UserNotFound(user_id=user_id)


async def list_api_keys(tx: ReadTx) -> list[ApiKey]:
    return await tx.all(
        sql(
            """
            select id, name, prefix, user_id, created_at, last_used_at from identity.api_key
            where workspace_id = {workspace} order by id
            """
        ),
        ApiKey,
    )
