"""Users and their roles in a workspace."""

from __future__ import annotations

from waypost.identity.errors import LastOwner, UserExists, UserNotFound
from waypost.identity.queries import get_user
from waypost.identity.types import RoleName, User
from waypost.kernel.crypto import hash_password
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def create_user(tx: Tx, *, email: str, name: str, role: RoleName, password: str) -> User:
    """Give a person access. Someone known from another workspace keeps their password."""
    user_id = await tx.value(
        sql(
            """
            insert into identity.user_account (email, name, password_hash, created_at, updated_at)
            values ({email}, {name}, {password_hash}, {now}, {now})
            on conflict (email) do update set updated_at = excluded.updated_at
            returning id
            """,
            email=email.strip().lower(),
            name=name,
            password_hash=hash_password(password),
        )
    )
    added = await tx.run(
        sql(
            """
            insert into identity.membership (workspace_id, user_id, role, created_at)
            values ({workspace}, {user_id}, {role}, {now}) on conflict do nothing
            """,
            user_id=user_id,
            role=role,
        )
    )
    if not added:
        raise UserExists(email=email, pointer="/email")
    return await get_user(tx, user_id)


async def update_user(
    tx: Tx, user_id: int, *, name: str | None = None, role: RoleName | None = None, password: str | None = None
) -> User:
    """Change a user. A new password ends the user's sessions."""
    current = await get_user(tx, user_id)
    if role is not None and role != current.role:
        await tx.run(
            sql(
                "update identity.membership set role = {role} where workspace_id = {workspace} and user_id = {user_id}",
                role=role,
                user_id=user_id,
            )
        )
        await _keep_an_owner(tx)
    await tx.run(
        sql(
            """
            update identity.user_account
            set name = coalesce({name}::text, name), updated_at = {now},
                password_hash = coalesce({password_hash}::text, password_hash)
            where id = {user_id}
            """,
            name=name,
            password_hash=None if password is None else hash_password(password),
            user_id=user_id,
        )
    )
    if password is not None:
        await tx.run(sql("delete from identity.session where user_id = {user_id}", user_id=user_id))
    return await get_user(tx, user_id)


async def remove_user(tx: Tx, user_id: int) -> None:
    """Take away access: membership, sessions and keys of this workspace go."""
    removed = await tx.run(
        sql(
            "delete from identity.membership where workspace_id = {workspace} and user_id = {user_id}",
            user_id=user_id,
        )
    )
    if not removed:
        raise UserNotFound(user_id=user_id)
    await _keep_an_owner(tx)
    await tx.run(
        sql("delete from identity.session where workspace_id = {workspace} and user_id = {user_id}", user_id=user_id)
    )
    await tx.run(
        sql("delete from identity.api_key where workspace_id = {workspace} and user_id = {user_id}", user_id=user_id)
    )


async def _keep_an_owner(tx: Tx) -> None:
    owners = await tx.value(
        sql("select count(*) from identity.membership where workspace_id = {workspace} and role = 'owner'")
    )
    if not owners:
        raise LastOwner
