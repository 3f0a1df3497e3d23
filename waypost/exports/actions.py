"""An export's life: queued -> running -> completed, failed or cancelled; and what is exported on a schedule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from waypost.exports.columns import check_columns, default_columns
from waypost.exports.errors import NameMissing, StateWrong
from waypost.exports.queries import COLUMNS, SCHEDULE_COLUMNS, get_export, get_schedule
from waypost.exports.types import Export, Format, Schedule
from waypost.identity.queries import get_workspace
from waypost.kernel.clock import at_local
from waypost.kernel.files import Files
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.segments.selection import Selection, check_selection, describe_selection, select_contacts

PART = 5_000
KEPT_DAYS = 7
"""After so many days a file is removed."""


async def create_export(
    tx: Tx,
    files: Files,
    selection: Selection,
    *,
    columns: Sequence[str] | None = None,
    file_format: Format = "csv",
    name: str = "",
    schedule_id: int | None = None,
) -> Export:
    """Note what is wanted; the caller enqueues the work."""
    await check_selection(tx, selection, pointer="/selection")
    chosen = list(columns) if columns is not None else await default_columns(tx)
    await check_columns(tx, chosen)
    return await tx.one(
        sql(
            """
            insert into exports.export (workspace_id, name, selection, columns, format, file, schedule_id, state,
                user_id, created_at)
            values ({workspace}, {name}, {selection}, {chosen}, {file_format}, {file}, {schedule_id}::bigint, 'queued',
                {user_id}::bigint, {now})
            returning {columns}
            """,
            name=name.strip() or await describe_selection(tx, selection),
            selection=msgspec.to_builtins(selection),
            chosen=chosen,
            file_format=file_format,
            file=files.new_name(f".{file_format}"),
            schedule_id=schedule_id,
            user_id=tx.actor.id if tx.actor.kind == "user" else None,
            columns=COLUMNS,
        ),
        Export,
    )


async def begin_export(tx: Tx, export_id: int) -> Export | None:
    """Fix who is exported, the first time; None when there is nothing (more) to do."""
    await tx.run(
        sql("select 1 from exports.export where workspace_id = {workspace} and id = {id} for update", id=export_id)
    )
    export = await get_export(tx, export_id)
    if export.state == "running":
        return export
    if export.state != "queued":
        return None
    who = await select_contacts(tx, msgspec.convert(export.selection, Selection))
    await tx.run(
        sql(
            """
            with people as (
                select contact_id, (row_number() over (order by contact_id) - 1) / {size} as number
                from ({who}) as who
            ),
            parts as (
                insert into exports.part (workspace_id, export_id, number, contact_ids)
                select {workspace}, {id}, number, array_agg(contact_id order by contact_id)
                from people group by number order by number
                returning cardinality(contact_ids) as size
            )
            update exports.export set state = 'running',
                rows_total = (select coalesce(sum(size), 0) from parts)::bigint
            where workspace_id = {workspace} and id = {id}
            """,
            who=who,
            id=export_id,
            size=PART,
        )
    )
    return await get_export(tx, export_id)


async def note_part(tx: Tx, export: Export, number: int, *, rows: int, before: int, after: int) -> bool:
    """A part is in the file, whose length went from `before` to `after`; False when the export was stopped."""
    moved = await tx.run(
        sql(
            """
            update exports.export set rows_done = rows_done + {rows}, bytes_done = {after}
            where workspace_id = {workspace} and id = {id} and state = 'running' and bytes_done = {before}
            """,
            id=export.id,
            rows=rows,
            before=before,
            after=after,
        )
    )
    await tx.run(
        sql(
            "delete from exports.part where workspace_id = {workspace} and export_id = {id} and number = {number}",
            id=export.id,
            number=number,
        )
    )
    tx.wake("live")
    return bool(moved)


async def finish_export(tx: Tx, export_id: int, size_bytes: int) -> None:
    await tx.run(
        sql(
            """
            update exports.export set state = 'completed', size_bytes = {size}, finished_at = {now}
            where workspace_id = {workspace} and id = {id} and state = 'running'
            """,
            id=export_id,
            size=size_bytes,
        )
    )
    tx.wake("live")


async def fail_export(tx: Tx, export_id: int, error: str) -> None:
    """End it with a sentence for the person who wanted it."""
    await tx.run(
        sql(
            """
            update exports.export set state = 'failed', error = {error}, finished_at = {now}
            where workspace_id = {workspace} and id = {id} and state in ('queued', 'running')
            """,
            id=export_id,
            error=error,
        )
    )
    tx.wake("live")


async def cancel_export(tx: Tx, export_id: int) -> Export:
    """Stop after the part at hand; there will be no file."""
    export = await get_export(tx, export_id)
    stopped = await tx.run(
        sql(
            """
            update exports.export set state = 'cancelled', finished_at = {now}
            where workspace_id = {workspace} and id = {id} and state in ('queued', 'running')
            """,
            id=export_id,
        )
    )
    if not stopped:
        raise StateWrong(state=export.state)
    await tx.run(sql("delete from exports.part where workspace_id = {workspace} and export_id = {id}", id=export_id))
    tx.wake("live")
    return await get_export(tx, export_id)


async def delete_export(tx: Tx, files: Files, export_id: int) -> None:
    """The row and the file; work on it stops by itself."""
    export = await get_export(tx, export_id)
    await tx.run(sql("delete from exports.export where workspace_id = {workspace} and id = {id}", id=export_id))
    files.delete(export.file)


async def expire_exports(tx: Tx) -> list[str]:
    """Mark files that are too old, or pushed out by newer ones of their schedule; the caller removes them."""
    rows = await tx.all(
        sql(
            """
            update exports.export e set state = 'expired'
            where e.workspace_id = {workspace} and e.state in ('completed', 'failed', 'cancelled') and (
                (e.schedule_id is null and e.finished_at < {now} - {kept_days})
                or e.schedule_id is not null and (
                    select count(*) from exports.export newer
                    where newer.workspace_id = {workspace} and newer.schedule_id = e.schedule_id
                      and newer.id > e.id and newer.state = 'completed'
                ) >= coalesce((select s.kept from exports.schedule s
                               where s.workspace_id = {workspace} and s.id = e.schedule_id), 0))
            returning file
            """,
            kept_days=timedelta(days=KEPT_DAYS),
        )
    )
    return [row["file"] for row in rows]


async def create_schedule(
    tx: Tx,
    selection: Selection,
    *,
    name: str,
    columns: Sequence[str] | None,
    file_format: Format,
    weekday: int | None,
    at_time: str,
    kept: int,
) -> Schedule:
    """Export the selection every day, or every week on a day."""
    if not name.strip():
        raise NameMissing(pointer="/name")
    await check_selection(tx, selection, pointer="/selection")
    chosen = list(columns) if columns is not None else await default_columns(tx)
    await check_columns(tx, chosen)
    return await tx.one(
        sql(
            """
            insert into exports.schedule (workspace_id, name, selection, columns, format, weekday, at_time, kept,
                is_active, next_at, created_at, updated_at)
            values ({workspace}, {name}, {selection}, {chosen}, {file_format}, {weekday}::smallint, {at_time}, {kept},
                true, {next_at}, {now}, {now})
            returning {columns}
            """,
            name=name.strip(),
            selection=msgspec.to_builtins(selection),
            chosen=chosen,
            file_format=file_format,
            weekday=weekday,
            at_time=at_time,
            kept=kept,
            next_at=next_time(tx.now, weekday, at_time, await _zone(tx)),
            columns=SCHEDULE_COLUMNS,
        ),
        Schedule,
    )


async def update_schedule(tx: Tx, schedule_id: int, changes: Mapping[str, object]) -> Schedule:
    """Change name, weekday, at_time, kept or is_active; what is not named stays."""
    before = await get_schedule(tx, schedule_id)
    after = {
        name: changes.get(name, getattr(before, name)) for name in ("name", "weekday", "at_time", "kept", "is_active")
    }
    name, weekday, at_time = str(after["name"]).strip(), after["weekday"], str(after["at_time"])
    if not name:
        raise NameMissing(pointer="/name")
    await tx.run(
        sql(
            """
            update exports.schedule set name = {name}, weekday = {weekday}::smallint, at_time = {at_time}, kept = {kept},
                is_active = {is_active}, next_at = {next_at}, updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=schedule_id,
            name=name,
            weekday=weekday,
            at_time=at_time,
            kept=after["kept"],
            is_active=after["is_active"],
            next_at=next_time(tx.now, weekday if isinstance(weekday, int) else None, at_time, await _zone(tx)),
        )
    )
    return await get_schedule(tx, schedule_id)


async def delete_schedule(tx: Tx, schedule_id: int) -> None:
    """Files it has made go with the next clean-up."""
    await get_schedule(tx, schedule_id)
    await tx.run(sql("delete from exports.schedule where workspace_id = {workspace} and id = {id}", id=schedule_id))


async def begin_due(tx: Tx, files: Files) -> list[Export]:
    """An export for every schedule whose time has come; the caller enqueues them."""
    due = await tx.all(
        sql(
            """
            select {columns} from exports.schedule
            where workspace_id = {workspace} and is_active and next_at <= {now} order by id for update skip locked
            """,
            columns=SCHEDULE_COLUMNS,
        ),
        Schedule,
    )
    zone = await _zone(tx)
    begun: list[Export] = []
    for schedule in due:
        selection = msgspec.convert(schedule.selection, Selection)
        begun.append(
            # lint: no-row-loops because a turn is a schedule
            await create_export(
                tx, files, selection, columns=schedule.columns, file_format=schedule.format, name=schedule.name,
                schedule_id=schedule.id,
            )
        )  # fmt: skip
        # lint: no-row-loops because a turn is a schedule
        await tx.run(
            sql(
                "update exports.schedule set next_at = {next_at} where workspace_id = {workspace} and id = {id}",
                id=schedule.id,
                next_at=next_time(tx.now, schedule.weekday, schedule.at_time, zone),
            )
        )
    return begun


async def _zone(tx: Tx) -> ZoneInfo:
    return ZoneInfo((await get_workspace(tx)).time_zone)


def next_time(now: datetime, weekday: int | None, at_time: str, zone: ZoneInfo) -> datetime:
    """The next instant after `now` at which the zone's clocks show the time, on the weekday (1 Monday) if given."""
    today: date = now.astimezone(zone).date()
    for ahead in range(9):
        day = today + timedelta(days=ahead)
        at = at_local(day, at_time, zone)
        if at > now and weekday in (None, day.isoweekday()):
            return at
    raise AssertionError("a week has every day")
