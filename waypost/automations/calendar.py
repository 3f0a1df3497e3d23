"""Triggers of the calendar: dates in fields that arrive, and set times.

Each such trigger knows when it looks next. The engine takes those whose moment has come, lets in the
contacts of that day by one statement, and sets the next moment; days on which nobody was there to look
are made up for, one by one.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from waypost.automations.enroll import enter_by_trigger
from waypost.automations.triggers import DATE, DateArrives, Schedule
from waypost.automations.windows import DAYS_AHEAD, opens_on
from waypost.contacts.dates import date_comes, date_meant
from waypost.identity.queries import get_workspace
from waypost.kernel.clock import at_local
from waypost.kernel.registry import Engine
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork
from waypost.segments.queries import audience

MOST_DAYS = 31
"""So many missed days are made up for."""


def next_time(params: msgspec.Struct, *, after: datetime, zone: ZoneInfo) -> datetime | None:
    """The next moment at which the trigger looks; None when no day is ever meant."""
    if not isinstance(params, DateArrives | Schedule):
        return None
    today = after.astimezone(zone).date()
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        moment = at_local(day, params.at_time, zone)
        if moment > after and (isinstance(params, DateArrives) or opens_on(params, day)):
            return moment
    return None


def born_on(params: DateArrives, day: date) -> Sql:
    """The contacts whose date has come on this day of the calendar."""
    meant = date_meant(day, days=params.days, direction=params.direction)
    return sql(
        """
        select c.id as contact_id from contacts.contact as c
        where c.workspace_id = {workspace} and c.deleted_at is null and {comes}
        """,
        comes=date_comes(params.field_id, meant, is_yearly=params.is_yearly),
    )


async def look(tx: Tx, *, only: Sql = TRUE) -> bool:
    """Let in whom one trigger means whose moment has come; True when there may be more.

    `only` narrows the automations, which are `a`.
    """
    row = await tx.maybe(
        sql(
            """
            select t.automation_id, t.trigger_id, t.params, t.condition, t.next_at from automations.trigger as t
            join automations.automation as a on a.workspace_id = {workspace} and a.id = t.automation_id and a.status = 1
            where t.workspace_id = {workspace} and t.next_at <= {now} and {only}
            order by t.next_at limit 1
            for update of t skip locked
            """,
            only=only,
        )
    )
    if row is None:
        return False
    zone = ZoneInfo((await get_workspace(tx)).time_zone)
    kind = row["params"]["type"]
    given = {name: value for name, value in row["params"].items() if name != "type"}
    params: DateArrives | Schedule = (
        msgspec.convert(given, DateArrives) if kind == DATE else msgspec.convert(given, Schedule)
    )
    await enter_by_trigger(tx, row["automation_id"], row["trigger_id"], await _meant(tx, row, params, zone))
    late = max(row["next_at"], tx.now - timedelta(days=MOST_DAYS))
    await tx.run(
        sql(
            """
            update automations.trigger set next_at = {next_at}::timestamptz
            where workspace_id = {workspace} and automation_id = {automation_id} and trigger_id = {trigger_id}
            """,
            next_at=next_time(params, after=late, zone=zone),
            automation_id=row["automation_id"],
            trigger_id=row["trigger_id"],
        )
    )
    return True


async def _meant(tx: Tx, row: asyncpg.Record, params: DateArrives | Schedule, zone: ZoneInfo) -> Sql:
    if isinstance(params, DateArrives):
        return born_on(params, row["next_at"].astimezone(zone).date())
    return await audience(tx, row["condition"])


def due() -> Sql:
    """The workspaces in which a trigger of the calendar looks now."""
    return sql(
        """
        select distinct t.workspace_id from automations.trigger as t
        join automations.automation as a on a.workspace_id = t.workspace_id and a.id = t.automation_id and a.status = 1
        where t.next_at <= {now}
        """
    )


@asynccontextmanager
async def open_calendar(work: SystemWork) -> AsyncGenerator[Callable[[int], Awaitable[bool]]]:
    """For as long as the worker lives."""

    async def tick(workspace_id: int) -> bool:
        async with work.db.transaction(workspace_id) as tx:
            return await look(tx)

    yield tick


CALENDAR_ENGINE = Engine(
    name="automations.calendar", channel="automations.calendar", due=due, open=open_calendar, interval_seconds=5.0
)
