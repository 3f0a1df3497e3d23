"""Who may enter an automation, by its settings: conditions, once only, a holdout, and how many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import msgspec

from waypost.automations.counters import WHOLE
from waypost.automations.graph import Settings
from waypost.automations.lots import in_first
from waypost.automations.wake import exit_runs
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.segments.queries import matching

DAY = timedelta(days=1)


async def settings_of(tx: ReadTx, automation_id: int) -> Mapping[str, Any] | None:
    """The settings of what is published, if they are any but the usual ones."""
    return await tx.value(
        sql(
            """
            select v.settings from automations.automation as a
            join automations.automation_version as v on v.workspace_id = {workspace} and v.id = a.version_id
            where a.workspace_id = {workspace} and a.id = {automation_id}
            """,
            automation_id=automation_id,
        )
    )


async def admit(
    tx: Tx, automation_id: int, given: Mapping[str, Any] | None, contact_ids: Sequence[int]
) -> Sequence[int]:
    """Those of the contacts whom the settings let in; where a second entry means to begin again, their runs end."""
    if given is None or not contact_ids:
        return contact_ids
    settings = msgspec.convert(given, Settings)
    ids = sorted(set(contact_ids))
    if settings.entry_condition is not None:
        ids = sorted(await matching(tx, settings.entry_condition, ids))
    if settings.suppression_condition is not None:
        ids = sorted(set(ids) - await matching(tx, settings.suppression_condition, ids))
    if settings.holdout_percent:
        held = set(in_first(ids, seed=automation_id << 24, percent=settings.holdout_percent))
        ids = [contact_id for contact_id in ids if contact_id not in held]
    if settings.entries == "once":
        ids = await _without_runs(tx, automation_id, ids)
    if settings.most_inside is not None or settings.most_entries_a_day is not None:
        if settings.while_inside == "ignore":
            # Who is inside already takes no place from anybody.
            ids = await _without_runs(tx, automation_id, ids, which=sql("e.state in (0, 1, 3)"))
        ids = ids[: await _room(tx, automation_id, settings)]
    if settings.while_inside == "restart" and ids:
        which = sql("e.automation_id = {id} and e.contact_id = any({ids}::bigint[])", id=automation_id, ids=ids)
        await exit_runs(tx, which, reason="restarted")
    return ids


async def _without_runs(tx: Tx, automation_id: int, contact_ids: list[int], *, which: Sql = TRUE) -> list[int]:
    rows = await tx.all(
        sql(
            """
            select distinct e.contact_id from automations.enrollment as e
            where e.workspace_id = {workspace} and e.automation_id = {automation_id}
              and e.contact_id = any({ids}::bigint[]) and {which}
            """,
            automation_id=automation_id,
            ids=contact_ids,
            which=which,
        )
    )
    known = {row["contact_id"] for row in rows}
    return [contact_id for contact_id in contact_ids if contact_id not in known]


async def _room(tx: Tx, automation_id: int, settings: Settings) -> int:
    """How many more may enter now. The automation is locked, so that two workers do not let in too many together."""
    await tx.value(
        sql(
            "select id from automations.automation where workspace_id = {workspace} and id = {id} for no key update",
            id=automation_id,
        )
    )
    counted = await tx.one(
        sql(
            """
            select (select coalesce(max(c.here), 0) from automations.step_count as c
                    where c.workspace_id = {workspace} and c.automation_id = {id} and c.step_id = {whole}) as here,
                   (select count(*) from automations.enrollment as e
                    where e.workspace_id = {workspace} and e.automation_id = {id}
                      and e.entered_at > {now} - {day}) as today
            """,
            id=automation_id,
            whole=WHOLE,
            day=DAY,
        )
    )
    left = [
        limit - counted[name]
        for limit, name in ((settings.most_inside, "here"), (settings.most_entries_a_day, "today"))
        if limit is not None
    ]
    return max(0, min(left))
