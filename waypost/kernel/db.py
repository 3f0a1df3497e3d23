"""Connections to PostgreSQL: one pool per process; transactions and reads are opened here.

asyncpg is the only driver. Connections are not reset on release (saves a round trip and 50 µs of
PostgreSQL a statement), so nothing may leave session state behind.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
from asyncpg.transaction import Transaction

from waypost.kernel.config import Settings
from waypost.kernel.tx import SYSTEM, Actor, ReadTx, Tx
from waypost.kernel.wakes import Wakes

if TYPE_CHECKING:
    from waypost.kernel.registry import Registry

SESSION = {
    "application_name": "waypost",
    "jit": "off",
    "lock_timeout": "20s",
    "idle_in_transaction_session_timeout": "120s",
    "timezone": "UTC",
}


BATCHES = {**SESSION, "plan_cache_mode": "force_custom_plan"}
"""For who works on sets: a plan kept for later knows neither how many ids it is given nor how the tables
have grown since, and 10,000 ids through the plan for ten can take minutes."""


KEPT_PLANS = "set local plan_cache_mode = 'force_generic_plan';"
"""For one transaction that works on a few rows: to plan a statement for them costs more than to run it."""


class Connection(asyncpg.Connection):
    """A connection that keeps its prepared statements and settings between uses."""

    _opening: str = ""

    def transaction(self, *, opening: str = "", **how: Any) -> Transaction:
        """`opening` goes to PostgreSQL in the same message as BEGIN."""
        self._opening = opening
        return super().transaction(**how)

    async def execute(self, query: str, *args: Any, timeout: float | None = None) -> str:  # noqa: ASYNC109 - the driver's signature
        opening, self._opening = self._opening, ""
        return await super().execute(query + opening, *args, timeout=timeout)

    async def reset(self, *, timeout: float | None = None) -> None:  # noqa: ASYNC109 - the driver's signature
        del timeout


def _encode_json(value: object) -> bytes:
    # A text is JSON already (PgQueuer writes its own); our values are objects, lists and numbers.
    if isinstance(value, str):
        return b"\x01" + value.encode()
    return b"\x01" + orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS)


def _decode_json(value: bytes) -> object:
    return orjson.loads(value[1:])


async def prepare(conn: asyncpg.Connection[Any]) -> None:
    """Teach a connection jsonb, in the binary form that COPY needs (a version byte, then the text)."""
    await conn.set_type_codec("jsonb", schema="pg_catalog", format="binary", encoder=_encode_json, decoder=_decode_json)


async def connect(dsn: str) -> asyncpg.Connection[Any]:
    """A single connection outside the pool (listening, migrations)."""
    conn = await asyncpg.connect(dsn, server_settings=SESSION, connection_class=Connection)
    await prepare(conn)
    return conn


class Database:
    """The pool and the two ways to use it."""

    def __init__(self, pool: asyncpg.Pool[Any], *, dsn: str, registry: Registry, settings: Settings) -> None:
        self.pool = pool
        self.dsn = dsn
        self.registry = registry
        self.settings = settings
        self.wakes = Wakes(pool)

    @classmethod
    async def open(
        cls,
        dsn: str,
        *,
        registry: Registry,
        settings: Settings,
        min_size: int = 1,
        max_size: int = 10,
        session: Mapping[str, str] = SESSION,
    ) -> Database:
        pool = await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            connection_class=Connection,
            init=prepare,
            server_settings=dict(session),
            statement_cache_size=500,
            max_inactive_connection_lifetime=300,
        )
        return cls(pool, dsn=dsn, registry=registry, settings=settings)

    async def close(self) -> None:
        await self.wakes.close()
        await self.pool.close()

    @asynccontextmanager
    async def transaction(
        self, workspace_id: int, *, actor: Actor = SYSTEM, now: datetime | None = None, opening: str = ""
    ) -> AsyncIterator[Tx]:
        """Begin, with settings for this transaction; commit when the block ends, roll back when it raises."""
        async with self.pool.acquire() as conn:
            async with conn.transaction(opening=opening):  # pyright: ignore[reportCallIssue] - our Connection's
                tx = self._tx(conn, workspace_id, actor, now)
                yield tx
            self.wakes.send(tx.wakes)

    @asynccontextmanager
    async def statement(self, workspace_id: int, *, actor: Actor = SYSTEM) -> AsyncIterator[Tx]:
        """For one action that writes by a single statement: atomic by itself, without BEGIN and COMMIT."""
        async with self.pool.acquire() as conn:
            tx = self._tx(conn, workspace_id, actor, None)
            yield tx
            self.wakes.send(tx.wakes)

    def _tx(self, conn: Any, workspace_id: int, actor: Actor, now: datetime | None) -> Tx:
        return Tx(
            conn,
            workspace_id=workspace_id,
            actor=actor,
            now=now or datetime.now(UTC),
            registry=self.registry,
            settings=self.settings,
        )

    @asynccontextmanager
    async def read(self, workspace_id: int, *, actor: Actor = SYSTEM) -> AsyncIterator[ReadTx]:
        """A connection without a transaction, for reads."""
        async with self.pool.acquire() as conn:
            yield ReadTx(
                conn,  # pyright: ignore[reportArgumentType]
                workspace_id=workspace_id,
                actor=actor,
                now=datetime.now(UTC),
                registry=self.registry,
                settings=self.settings,
            )
