"""One connection with its workspace, actor, clock and registry: all that an action or query needs.

Invariant: one transaction touches one workspace, and `now` is the same instant all through it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, TypeVar, overload

from waypost.kernel.sql import Sql

if TYPE_CHECKING:
    import asyncpg

    from waypost.kernel.config import Settings
    from waypost.kernel.registry import Job, Registry
    from waypost.kernel.wakes import Wake

Row = TypeVar("Row")

ActorKind = Literal["user", "api", "contact", "automation", "import", "system"]
ACTOR_KINDS: tuple[ActorKind, ...] = ("user", "api", "contact", "automation", "import", "system")


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does it."""

    kind: ActorKind
    id: int | None = None

    @property
    def number(self) -> int:
        """The kind as stored."""
        return ACTOR_KINDS.index(self.kind)


SYSTEM = Actor("system")


class ReadTx:
    """Reads only. Statements run as they come, each its own transaction."""

    def __init__(
        self,
        conn: asyncpg.Connection[Any],
        *,
        workspace_id: int,
        actor: Actor,
        now: datetime,
        registry: Registry,
        settings: Settings,
    ) -> None:
        self.conn = conn
        self.workspace_id = workspace_id
        self.actor = actor
        self.now = now
        self.registry = registry
        self.settings = settings
        self._context = {"workspace": workspace_id, "now": now}

    @overload
    async def one(self, statement: Sql, into: type[Row]) -> Row: ...
    @overload
    async def one(self, statement: Sql) -> asyncpg.Record: ...
    async def one(self, statement: Sql, into: type[Row] | None = None) -> Row | asyncpg.Record:
        """Exactly one row."""
        found = await (self.maybe(statement) if into is None else self.maybe(statement, into))
        if found is None:
            raise LookupError("the statement gave no row")
        return found

    @overload
    async def maybe(self, statement: Sql, into: type[Row]) -> Row | None: ...
    @overload
    async def maybe(self, statement: Sql) -> asyncpg.Record | None: ...
    async def maybe(self, statement: Sql, into: type[Row] | None = None) -> Row | asyncpg.Record | None:
        """The first row, if any."""
        text, values = statement.compile(self._context)
        row = await self.conn.fetchrow(text, *values)
        return row if row is None or into is None else into(**row)

    @overload
    async def all(self, statement: Sql, into: type[Row]) -> list[Row]: ...
    @overload
    async def all(self, statement: Sql) -> list[asyncpg.Record]: ...
    async def all(self, statement: Sql, into: type[Row] | None = None) -> list[Row] | list[asyncpg.Record]:
        """Every row, as records or as `into(**columns)`."""
        text, values = statement.compile(self._context)
        rows = await self.conn.fetch(text, *values)
        return rows if into is None else [into(**row) for row in rows]

    async def value(self, statement: Sql) -> Any:
        """The first column of the first row, or None."""
        text, values = statement.compile(self._context)
        return await self.conn.fetchval(text, *values)


class Tx(ReadTx):
    """Writes too; opened and committed at the edge (a request, a job, a slice), nowhere else."""

    def __init__(
        self,
        conn: asyncpg.Connection[Any],
        *,
        workspace_id: int,
        actor: Actor,
        now: datetime,
        registry: Registry,
        settings: Settings,
        wakes: set[Wake] | None = None,
    ) -> None:
        super().__init__(conn, workspace_id=workspace_id, actor=actor, now=now, registry=registry, settings=settings)
        self.wakes: set[Wake] = set() if wakes is None else wakes

    async def run(self, statement: Sql) -> int:
        """How many rows the statement touched."""
        text, values = statement.compile(self._context)
        status = await self.conn.execute(text, *values)
        tail = status.rpartition(" ")[2]
        return int(tail) if tail.isdigit() else 0

    async def copy(self, table: str, columns: Sequence[str], records: Iterable[Sequence[object]]) -> int:
        """Binary COPY into `schema.table`; returns the number of rows."""
        schema, _, name = table.rpartition(".")
        status = await self.conn.copy_records_to_table(
            name, schema_name=schema or None, columns=list(columns), records=records
        )
        return int(status.rpartition(" ")[2])

    def wake(self, channel: str) -> None:
        """Wake whoever listens to the channel for this workspace, once this has committed."""
        self.wakes.add((channel, self.workspace_id))

    async def enqueue(self, job: Job, *, run_at: datetime | None = None) -> None:
        """Leave a job that is there when, and only when, this commits."""
        from waypost.kernel.jobs.queue import put

        await put(self, job, run_at=run_at)

    def acting_as(self, actor: Actor) -> Tx:
        """The same transaction for another actor (a consumer acting for an automation, say)."""
        return self._with(self.workspace_id, actor)

    def in_workspace(self, workspace_id: int) -> Tx:
        """The same transaction in the workspace it has just made."""
        return self._with(workspace_id, self.actor)

    def at(self, now: datetime) -> Tx:
        """The same transaction at another moment, for what is tried out and undone: whom it would wake is forgotten."""
        return Tx(
            self.conn,
            workspace_id=self.workspace_id,
            actor=self.actor,
            now=now,
            registry=self.registry,
            settings=self.settings,
        )

    def _with(self, workspace_id: int, actor: Actor) -> Tx:
        return Tx(
            self.conn,
            workspace_id=workspace_id,
            actor=actor,
            now=self.now,
            registry=self.registry,
            settings=self.settings,
            wakes=self.wakes,
        )
