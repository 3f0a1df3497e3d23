"""The report of an automation: who came, finished and left and why, its goals, its steps and its messages.

By day from what the log said (`report_days`), the rest from the exact counters and the ledger.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta
from typing import Any

import msgspec

from waypost.automations.graph import GOAL, AutomationDocument, walk
from waypost.automations.queries import get_automation, list_step_counts
from waypost.automations.report_days import What
from waypost.automations.types import Automation
from waypost.delivery.engaged import CLICKED, OPENED
from waypost.delivery.types import State
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx

MAX_DAYS = 366


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    entered: int
    completed: int
    exited: int
    goals: int


@dataclass(frozen=True, slots=True)
class Exit:
    """How many left for a reason, in the days looked at."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class GoalLine:
    """`rate` is a share of those who entered in the days looked at."""

    step_id: str
    name: str
    reached: int
    rate: float
    average_seconds: int | None


@dataclass(frozen=True, slots=True)
class StepLine:
    """`share` is of all who ever entered; the figures are those since the beginning."""

    step_id: str
    type: str
    here: int
    passed: int
    parked: int
    exited: int
    share: float


@dataclass(frozen=True, slots=True)
class MessageLine:
    step_id: str
    message_id: int
    name: str
    sent: int
    opened: int
    clicked: int
    bounced: int
    not_sent: int


@dataclass(frozen=True, slots=True)
class Report:
    automation: Automation
    entered: int
    completed: int
    exited: int
    average_seconds: int | None
    """From the entry to the end, of those who completed."""
    days: Sequence[Day]
    exits: Sequence[Exit]
    goals: Sequence[GoalLine]
    steps: Sequence[StepLine]
    messages: Sequence[MessageLine]


async def get_report(tx: ReadTx, automation_id: int, *, days: int = 30) -> Report:
    """The last `days` days, today included, by UTC."""
    automation = await get_automation(tx, automation_id)
    last = tx.now.date()
    first = last - timedelta(days=min(max(days, 1), MAX_DAYS) - 1)
    rows = await tx.all(
        sql(
            """
            select day, what, detail, count, seconds from automations.day_count
            where workspace_id = {workspace} and automation_id = {automation_id} and day between {first} and {last}
            """,
            automation_id=automation_id,
            first=first,
            last=last,
        )
    )
    by_day: dict[tuple[date, int], int] = {}
    totals: dict[tuple[int, str], tuple[int, int]] = {}
    for row in rows:
        by_day[row["day"], row["what"]] = by_day.get((row["day"], row["what"]), 0) + row["count"]
        count, seconds = totals.get((row["what"], row["detail"]), (0, 0))
        totals[row["what"], row["detail"]] = (count + row["count"], seconds + row["seconds"])
    entered, _ = totals.get((What.ENTERED, ""), (0, 0))
    completed, seconds = totals.get((What.COMPLETED, ""), (0, 0))
    exits = [Exit(detail, count) for (what, detail), (count, _) in sorted(totals.items()) if what == What.EXITED]
    return Report(
        automation,
        entered,
        completed,
        sum(item.count for item in exits),
        seconds // completed if completed else None,
        [
            Day(day, *(by_day.get((day, what), 0) for what in What))
            for day in (first + timedelta(days=ahead) for ahead in range((last - first).days + 1))
        ],
        exits,
        _goals(automation, totals, entered),
        await _steps(tx, automation),
        await _messages(tx, automation),
    )


def _document(automation: Automation) -> AutomationDocument:
    return msgspec.convert(automation.document, AutomationDocument)


def _goals(automation: Automation, totals: dict[tuple[int, str], tuple[int, int]], entered: int) -> list[GoalLine]:
    lines: list[GoalLine] = []
    for step, _ in walk(_document(automation).steps):
        if step.type != GOAL:
            continue
        reached, seconds = totals.get((What.GOAL, step.id), (0, 0))
        rate = reached / entered if entered else 0.0
        name = str(step.params.get("name", ""))
        lines.append(GoalLine(step.id, name, reached, rate, seconds // reached if reached else None))
    return lines


async def _steps(tx: ReadTx, automation: Automation) -> list[StepLine]:
    counts = {item.step_id: item for item in await list_step_counts(tx, automation.id)}
    whole = automation.entered
    lines: list[StepLine] = []
    for step, _ in walk(_document(automation).steps):
        found = counts.get(step.id)
        here, passed, parked, exited = (
            (0, 0, 0, 0) if found is None else (found.here, found.passed, found.parked, found.exited)
        )
        came = here + passed + exited
        lines.append(StepLine(step.id, step.type, here, passed, parked, exited, came / whole if whole else 0.0))
    return lines


async def _messages(tx: ReadTx, automation: Automation) -> list[MessageLine]:
    """What the automation's own steps have sent; the same message of a campaign does not count."""
    sends = {
        step.id: int(step.params["message_id"])
        for step, _ in walk(_document(automation).steps)
        if isinstance(step.params.get("message_id"), int)
    }
    if not sends:
        return []
    rows = await tx.all(
        sql(
            """
            select l.step_id, l.message_id, count(*) filter (where l.state = {sent}) as sent,
                   count(*) filter (where {opened}) as opened,
                   count(*) filter (where {clicked}) as clicked,
                   count(*) filter (where l.bounced_at is not null) as bounced,
                   count(*) filter (where l.state in ({failed}, {suppressed})) as not_sent
            from delivery.ledger as l
            where l.workspace_id = {workspace} and l.message_id = any({message_ids}::bigint[])
              and l.automation_id = {automation_id}
            group by l.step_id, l.message_id
            """,
            message_ids=sorted(set(sends.values())),
            automation_id=automation.id,
            opened=OPENED,
            clicked=CLICKED,
            sent=int(State.SENT),
            failed=int(State.FAILED),
            suppressed=int(State.SUPPRESSED),
        )
    )
    named = await tx.all(
        sql(
            "select id, name from messages.message where workspace_id = {workspace} and id = any({ids}::bigint[])",
            ids=sorted(set(sends.values())),
        )
    )
    names = {row["id"]: row["name"] for row in named}
    counts = {(row["step_id"], row["message_id"]): row for row in rows}
    figures = ("sent", "opened", "clicked", "bounced", "not_sent")
    return [
        MessageLine(step_id, message_id, names.get(message_id, ""), *(_of(counts, step_id, message_id, figures)))
        for step_id, message_id in sends.items()
    ]


def _of(counts: dict[tuple[str, int], Any], step_id: str, message_id: int, names: Sequence[str]) -> list[int]:
    row = counts.get((step_id, message_id))
    return [0 if row is None else row[name] for name in names]


def write_csv(report: Report, part: str) -> str:
    """A table of the report as a file; text that a spreadsheet would run as a formula is made plain."""
    tables: dict[str, tuple[type[Any], Iterable[Any]]] = {
        "days": (Day, report.days),
        "exits": (Exit, report.exits),
        "goals": (GoalLine, report.goals),
        "messages": (MessageLine, report.messages),
        "steps": (StepLine, report.steps),
    }
    kind, lines = tables.get(part, tables["steps"])
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(field.name for field in fields(kind))
    for line in lines:
        writer.writerow(_plain(value) for value in asdict(line).values())
    return out.getvalue()


def _plain(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
