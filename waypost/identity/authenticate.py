"""Keys and sessions become callers; remembered for a few seconds, since every request asks.

A key or session that is taken away therefore works for at most `REMEMBER_SECONDS` more.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from waypost.kernel.crypto import digest
from waypost.kernel.db import Database
from waypost.kernel.http.auth import ROLES, Caller
from waypost.kernel.sql import sql
from waypost.kernel.tx import Actor

REMEMBER_SECONDS = 3.0
MOST_REMEMBERED = 10_000

Find = Callable[[str], Awaitable[Caller | None]]


class DatabaseAuthenticator:
    """Looks callers up in the identity tables."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._known: dict[str, tuple[float, Caller | None]] = {}

    async def by_key(self, key: str) -> Caller | None:
        return await self._remembered("k" + key, key, self._find_key)

    async def by_session(self, token: str) -> Caller | None:
        return await self._remembered("s" + token, token, self._find_session)

    def forget(self) -> None:
        """After a change of keys, roles or sessions in this process."""
        self._known.clear()

    async def _remembered(self, name: str, secret: str, find: Find) -> Caller | None:
        now = time.monotonic()
        known = self._known.get(name)
        if known is not None and known[0] > now:
            return known[1]
        caller = await find(secret)
        if len(self._known) >= MOST_REMEMBERED:
            self._known.clear()
        self._known[name] = (now + REMEMBER_SECONDS, caller)
        return caller

    async def _find_key(self, key: str) -> Caller | None:
        async with self._db.transaction(0) as tx:
            row = await tx.maybe(
                sql(
                    """
                    update identity.api_key k set last_used_at = {now}
                    from identity.membership m
                    where k.digest = {digest} and m.workspace_id = k.workspace_id and m.user_id = k.user_id
                    returning k.id, k.workspace_id, k.user_id, m.role
                    """,
                    digest=digest(key),
                )
            )
        if row is None:
            return None
        return Caller(row["workspace_id"], row["user_id"], ROLES[row["role"]], Actor("api", row["user_id"]))

    async def _find_session(self, token: str) -> Caller | None:
        async with self._db.read(0) as read:
            row = await read.maybe(
                sql(
                    """
                    select s.workspace_id, s.user_id, s.csrf_token, m.role
                    from identity.session s
                    join identity.membership m on m.workspace_id = s.workspace_id and m.user_id = s.user_id
                    where s.digest = {digest} and s.expires_at > {now}
                    """,
                    digest=digest(token),
                )
            )
        if row is None:
            return None
        actor = Actor("user", row["user_id"])
        return Caller(row["workspace_id"], row["user_id"], ROLES[row["role"]], actor, row["csrf_token"])
