"""Our jobs on PgQueuer: typed payloads in, `Job.run` called in the worker.

A job is a row written by the transaction that wants it. A crashed worker's job is handed out again
when its heartbeat is old, hence jobs are idempotent. A job that raises is tried again with growing
pauses, then held for a person to look at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec
from pgqueuer import PgQueuer
from pgqueuer import models as pgq_models
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.executors import DatabaseRetryEntrypointExecutor

from waypost.kernel.log import log
from waypost.kernel.tx import SYSTEM, Actor
from waypost.kernel.work import SystemWork, Work

if TYPE_CHECKING:
    from waypost.kernel.registry import Job, Schedule
    from waypost.kernel.tx import Tx

ATTEMPTS = 8
HEARTBEAT = timedelta(seconds=15)
RECONNECT_SECONDS = 1.0


async def install(conn: asyncpg.Connection[Any]) -> None:
    """Create or upgrade the queue's own tables (in the public schema)."""
    queries = Queries(AsyncpgDriver(conn))
    if await queries.schema_is_installed():
        await queries.upgrade()
    else:
        await queries.install()


class Envelope(msgspec.Struct, frozen=True):
    """A payload as stored: for which workspace, on whose behalf, and the job's own fields."""

    workspace_id: int
    actor_kind: str
    actor_id: int | None
    job: msgspec.Raw


async def put(tx: Tx, job: Job, *, run_at: datetime | None = None) -> None:
    """Write the job's row in the caller's transaction."""
    envelope = Envelope(tx.workspace_id, tx.actor.kind, tx.actor.id, msgspec.Raw(msgspec.json.encode(job)))
    after = None if run_at is None else max(timedelta(0), run_at - tx.now)
    await Queries(AsyncpgDriver(tx.conn)).enqueue(job.name, msgspec.json.encode(envelope), execute_after=after)


def _runner(work: SystemWork, kind: type[Job]) -> Callable[[pgq_models.Job], Awaitable[None]]:
    async def run(row: pgq_models.Job) -> None:
        envelope = msgspec.json.decode(row.payload or b"", type=Envelope)
        job = msgspec.json.decode(envelope.job, type=kind)
        actor = Actor(envelope.actor_kind, envelope.actor_id)  # type: ignore[arg-type]
        log.info("job started", job=kind.name, workspace_id=envelope.workspace_id)
        await job.run(_work_for(work, envelope.workspace_id, actor))
        log.info("job done", job=kind.name, workspace_id=envelope.workspace_id)

    return run


def _work_for(work: SystemWork, workspace_id: int, actor: Actor) -> Work:
    shared = {item.name: getattr(work, item.name) for item in fields(SystemWork)}
    return Work(**shared, workspace_id=workspace_id, actor=actor)


def _scheduled(work: SystemWork, schedule: Schedule) -> Callable[[pgq_models.Schedule], Awaitable[None]]:
    async def run(_row: pgq_models.Schedule) -> None:
        await schedule.job.run(_work_for(work, 0, SYSTEM))

    return run


async def serve(work: SystemWork, stop: asyncio.Event) -> None:
    """Hand out jobs and schedules until `stop` is set; who loses the database comes back to it."""
    while not stop.is_set():
        try:
            await _serve(work, stop)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            log.warning("jobs wait for the database", error=str(error))
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), RECONNECT_SECONDS)


async def _serve(work: SystemWork, stop: asyncio.Event) -> None:
    """With one connection, as long as it lives."""
    conn: asyncpg.Connection[Any] = await asyncpg.connect(
        work.db.dsn, server_settings={"application_name": "waypost jobs"}
    )
    try:
        queuer = PgQueuer(AsyncpgDriver(conn))
        for kind in work.registry.jobs.values():
            queuer.entrypoint(
                kind.name,
                on_failure="hold",
                executor_factory=lambda parameters: DatabaseRetryEntrypointExecutor(
                    parameters=parameters, max_attempts=ATTEMPTS, initial_delay=timedelta(seconds=2)
                ),
            )(_runner(work, kind))
        for schedule in work.registry.schedules:
            queuer.schedule(schedule.job.name, schedule.cron)(_scheduled(work, schedule))
        running = asyncio.create_task(
            queuer.run(dequeue_timeout=timedelta(seconds=2), batch_size=2, heartbeat_timeout=HEARTBEAT)
        )
        waiting = asyncio.create_task(stop.wait())
        await asyncio.wait({running, waiting}, return_when=asyncio.FIRST_COMPLETED)
        waiting.cancel()
        queuer.shutdown.set()
        await running
    finally:
        await conn.close()
