"""API keys: random, shown once, stored as a digest."""

from __future__ import annotations

import secrets

from waypost.identity.errors import ApiKeyNotFound
from waypost.identity.types import NewApiKey
from waypost.kernel.crypto import digest
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def create_api_key(tx: Tx, *, name: str, user_id: int, key: str | None = None) -> NewApiKey:
    """A key that acts with the user's rights; `key` gives one that was chosen elsewhere."""
    secret = key or "wp_" + secrets.token_hex(24)
    prefix = secret[:9]
    api_key_id = await tx.value(
        sql(
            """
            insert into identity.api_key (workspace_id, user_id, name, prefix, digest, created_at)
            values ({workspace}, {user_id}, {name}, {prefix}, {digest}, {now}) returning id
            """,
            user_id=user_id,
            name=name,
            prefix=prefix,
            digest=digest(secret),
        )
    )
    return NewApiKey(id=api_key_id, name=name, prefix=prefix, key=secret)


async def delete_api_key(tx: Tx, api_key_id: int) -> None:
    removed = await tx.run(
        sql(
            "delete from identity.api_key where workspace_id = {workspace} and id = {api_key_id}",
            api_key_id=api_key_id,
        )
    )
    if not removed:
        raise ApiKeyNotFound(api_key_id=api_key_id)
