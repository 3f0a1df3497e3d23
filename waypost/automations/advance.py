"""The engine: claims what is due in a workspace and takes it through its steps, set by set.

One tick is one transaction: up to BATCH enrolments, claimed with SKIP LOCKED so that workers share a
workspace, moved until every one of them waits, is done or is parked. A batch that fails is undone
and halved until the contact who makes it fail is alone; that one is parked with the error.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from waypost.automations.counters import Counters
from waypost.automations.goals import find_jumps
from waypost.automations.graph import EXIT, AutomationDocument, Program, compile_program
from waypost.automations.run import Run, StepFailed
from waypost.automations.standing import FEW
from waypost.automations.wake import exit_runs
from waypost.identity.queries import get_workspace
from waypost.kernel.db import KEPT_PLANS, Database
from waypost.kernel.errors import Failure
from waypost.kernel.log import log
from waypost.kernel.registry import Engine
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork

BATCH = 10_000
MAX_ERROR = 500
_UTC = ZoneInfo("UTC")

Stops = Mapping[tuple[int, int], str]


class Advancer:
    """Moves enrolments on; keeps compiled programs, which never change. A `clock` tells another time than now."""

    def __init__(
        self,
        db: Database,
        *,
        batch: int = BATCH,
        one_step: bool = False,
        clock: Callable[[], datetime] | None = None,
    ) -> None:
        self.db = db
        self.batch = batch
        self.clock = clock
        self.one_step = one_step
        self._programs: dict[int, Program] = {}

    async def tick(self, workspace_id: int) -> bool:
        """One batch; True when there may be more."""
        claimed: list[int] = []
        try:
            async with self.db.transaction(workspace_id, now=self._now(), opening=KEPT_PLANS) as tx:
                rows = await claim(tx, limit=self.batch)
                if not rows:
                    await _hold_paused(tx)
                    return False
                claimed = [row["id"] for row in rows]
                if len(rows) > FEW:
                    await tx.run(sql("set local plan_cache_mode = 'force_custom_plan'"))
                await self.move(tx, rows, {})
        except (asyncpg.DeadlockDetectedError, asyncpg.SerializationError) as error:
            log.warning("a batch met another and is tried again", error=str(error))
        except StepFailed as failure:
            log.warning("a batch failed and is taken apart", size=len(claimed), error=str(failure))
            await self._isolate(workspace_id, claimed, {}, failure)
        return True

    async def move(self, tx: Tx, rows: Sequence[asyncpg.Record], stops: Stops) -> None:
        """Take claimed enrolments as far as they can go; `stops` are nodes to park at, with the reason."""
        counters = Counters()
        await self._load(tx, {row["version_id"] for row in rows})
        zone = await self._zone(tx, rows)
        may_be_over = False
        for version_id, group in groupby(rows, key=lambda row: row["version_id"]):
            program = self._programs[version_id]
            live = list(group)
            is_last = live[-1] is rows[-1]
            if may_be_over:
                live = await _still_inside(tx, live)  # lint: no-row-loops because a turn is an automation
            if live:
                jumps = await find_jumps(tx, program, live)  # lint: no-row-loops because a turn is an automation
                leaving = [row["id"] for row in live if jumps.get(row["contact_id"]) == EXIT]
                if leaving:
                    # lint: no-row-loops because a turn is an automation
                    await exit_runs(tx, sql("e.id = any({ids}::bigint[])", ids=leaving), reason="exit_rule")
                    live = [row for row in live if jumps.get(row["contact_id"]) != EXIT]
                run = Run(tx, program, live, counters, stops, jumps=jumps, zone=zone, one_step=self.one_step)
                await run.execute(is_last=is_last)
            may_be_over = may_be_over or program.ends_others
        tx.wake("live")
        await counters.write(tx)

    async def _zone(self, tx: Tx, rows: Sequence[asyncpg.Record]) -> ZoneInfo:
        """Whose clocks send windows mean; where there is no window nobody asks."""
        if all(self._programs[row["version_id"]].settings.send_window is None for row in rows):
            return _UTC
        return ZoneInfo((await get_workspace(tx)).time_zone)

    def _now(self) -> datetime | None:
        return None if self.clock is None else self.clock()

    async def _isolate(self, workspace_id: int, ids: list[int], stops: Stops, failure: StepFailed) -> None:
        """Move everyone but those to blame. What the domain itself refuses, it refuses to the whole step."""
        if len(ids) == 1 or isinstance(failure.cause, Failure):
            reason = f"{failure.cause}"[:MAX_ERROR] or type(failure.cause).__name__
            await self._try(workspace_id, ids, {**stops, failure.place: reason})
            return
        middle = len(ids) // 2
        await self._try(workspace_id, ids[:middle], stops)
        await self._try(workspace_id, ids[middle:], stops)

    async def _try(self, workspace_id: int, ids: list[int], stops: Stops) -> None:
        try:
            async with self.db.transaction(workspace_id, now=self._now()) as tx:
                rows = await claim(tx, limit=len(ids), only=sql("e.id = any({ids}::bigint[])", ids=ids))
                if rows:
                    await self.move(tx, rows, stops)
        except StepFailed as failure:
            await self._isolate(workspace_id, ids, stops, failure)

    async def _load(self, tx: Tx, version_ids: set[int]) -> None:
        missing = version_ids - self._programs.keys()
        if not missing:
            return
        rows = await tx.all(
            sql(
                """
                select id, automation_id, document from automations.automation_version
                where workspace_id = {workspace} and id = any({ids}::bigint[])
                """,
                ids=sorted(missing),
            )
        )
        for row in rows:
            document = msgspec.convert(row["document"], AutomationDocument)
            self._programs[row["id"]] = compile_program(
                tx.registry, document, automation_id=row["automation_id"], version_id=row["id"]
            )


async def claim(tx: Tx, *, limit: int, only: Sql = TRUE) -> list[asyncpg.Record]:
    """Lock what is due in active automations, in the order in which it fell due."""
    return await tx.all(
        sql(
            """
            with due as materialized (
                select e.id, e.version_id, e.contact_id, e.step_id, e.state, e.is_served, e.deadline
                from automations.enrollment as e
                where e.workspace_id = {workspace} and e.state in (0, 1) and e.due_at <= {now} and {only}
                  and e.automation_id = any (array(
                    select a.id from automations.automation as a where a.workspace_id = {workspace} and a.status = 1))
                order by e.due_at limit {limit}
                for update skip locked
            )
            select id, version_id, contact_id, step_id, state, is_served, deadline from due
            order by version_id, contact_id
            """,
            only=only,
            limit=limit,
        )
    )


async def _still_inside(tx: Tx, rows: list[asyncpg.Record]) -> list[asyncpg.Record]:
    """Those of the claimed runs that no other automation has ended in this transaction."""
    statement = sql(
        "select id from automations.enrollment where workspace_id = {workspace} and id = any({ids}::bigint[]) "
        "and state in (0, 1)",
        ids=[row["id"] for row in rows],
    )
    live = {row["id"] for row in await tx.all(statement)}
    return [row for row in rows if row["id"] in live]


async def _hold_paused(tx: Tx) -> None:
    """Take the due date from those whose automation is not active, so that they are not met again.

    The automation is locked too: activating it waits, and then finds everyone who is held.
    """
    await tx.run(
        sql(
            """
            with held as materialized (
                select e.id from automations.enrollment as e
                join automations.automation as a on a.workspace_id = {workspace} and a.id = e.automation_id
                where e.workspace_id = {workspace} and e.state in (0, 1) and e.due_at <= {now} and a.status <> 1
                order by e.id
                for update of e skip locked for share of a
            )
            update automations.enrollment as e set due_at = null, held_due = e.due_at
            from held where e.workspace_id = {workspace} and e.id = held.id
            """
        )
    )


def due() -> Sql:
    """The workspaces in which somebody is due."""
    return sql(
        """
        select w.id as workspace_id from identity.workspace as w
        where exists (
            select 1 from automations.enrollment as e
            where e.workspace_id = w.id and e.state in (0, 1) and e.due_at <= {now}
        )
        """
    )


@asynccontextmanager
async def open_engine(work: SystemWork) -> AsyncGenerator[Callable[[int], Awaitable[bool]]]:
    """The engine for as long as the worker lives."""
    yield Advancer(work.db).tick


ENGINE = Engine(name="automations.advance", channel="automations", due=due, open=open_engine)
