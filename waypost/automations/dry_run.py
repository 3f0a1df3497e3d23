"""A dry run: what a draft would have done, had it run through the last days; in a transaction that is undone.

The facts of those days come to triggers, waits and goals in their order, a quarter of a day at a time, and
the engine moves whoever entered, set by set. Steps that change or send something are counted instead of done
and nobody else's rows are touched, so nothing is locked that others want; therefore conditions are asked of
contacts as they are today, and see nothing of what earlier steps would have changed. It ends early, and says
so, when it has taken long or let in very many.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import asyncpg
import msgspec

from waypost.automations.actions import activate_automation, create_automation
from waypost.automations.advance import claim
from waypost.automations.calendar import look
from waypost.automations.counters import Counters
from waypost.automations.enroll import enroll_slice
from waypost.automations.errors import SimulationTooLong
from waypost.automations.goals import find_jumps, jump_where
from waypost.automations.graph import EXIT, AutomationDocument, Node, Program, compile_program, exit_names
from waypost.automations.queries import list_step_counts
from waypost.automations.run import Run, StepFailed
from waypost.automations.types import State, StepCount
from waypost.automations.wake import exit_runs, wake_slice
from waypost.delivery.refusal import refusal
from waypost.identity.queries import get_workspace
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Branch, Outcome
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

TURN = timedelta(hours=6)
BATCH = 10_000
MOST_ENTRIES = 50_000
MOST_SECONDS = 10.0
CLOSE = timedelta(days=1)
"""Two mails to one contact within this are one too many for most tastes, and told of."""


class DryRunAsked(Model):
    """The graph as it is drawn, and how many of the last days it is to be held against.

    What the automation that it is a draft of has really sent does not crowd its own mails.
    """

    document: AutomationDocument
    automation_id: Annotated[int, msgspec.Meta(ge=1)] | None = None
    days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 30


@dataclass(slots=True)
class StepMails:
    """What one step would have sent, and to how many not, by reason."""

    step_id: str
    message_id: int
    sent: int = 0
    refused: dict[str, int] = field(default_factory=dict[str, int])


@dataclass(slots=True)
class Day:
    """What would have happened by the end of a turn that ends on this day."""

    date: str
    entered: int = 0
    mails: int = 0


@dataclass(slots=True)
class DryRun:
    """The counts; `ends_at` is before now, and `is_complete` false, when it ended early."""

    starts_at: datetime
    ends_at: datetime
    is_complete: bool = True
    entered: int = 0
    contacts: int = 0
    inside: int = 0
    completed: int = 0
    left: int = 0
    parked: int = 0
    by_trigger: dict[str, int] = field(default_factory=dict[str, int])
    steps: Sequence[StepCount] = ()
    mails: list[StepMails] = field(default_factory=list[StepMails])
    crowded: int = 0
    """Contacts to whom another campaign or automation did write within a day of one of these mails."""
    days: list[Day] = field(default_factory=list[Day])


class _Undone(Exception):
    """Everything the dry run wrote is taken back."""


async def dry_run(tx: Tx, asked: DryRunAsked) -> DryRun:
    """What the graph would have done; nothing of it stays."""
    found = DryRun(starts_at=tx.now - timedelta(days=asked.days), ends_at=tx.now)
    try:
        async with tx.conn.transaction():
            await tx.run(sql("set local statement_timeout = '10s'"))
            await _DryRunner(tx, asked, found).play()
            raise _Undone  # noqa: TRY301 - a savepoint is left by raising
    except _Undone:
        return found
    except asyncpg.QueryCanceledError as error:
        raise SimulationTooLong from error


class _DryRunner:
    def __init__(self, tx: Tx, asked: DryRunAsked, found: DryRun) -> None:
        self._outer = tx
        self._asked = asked
        self.found = found
        self._mails: dict[str, StepMails] = {}
        self._written: list[tuple[int, datetime]] = []
        self._until = time.monotonic() + MOST_SECONDS

    async def play(self) -> None:
        """Turn after turn; the counts grow as it goes."""
        found, end = self.found, self._outer.now
        tx = self._outer.at(found.starts_at)
        made = await create_automation(tx, name="Dry run", document=msgspec.to_builtins(self._asked.document))
        self.automation_id = (await activate_automation(tx, made.id)).id
        self._own = sql("e.automation_id = {id}", id=self.automation_id)
        self._zone = ZoneInfo((await get_workspace(tx)).time_zone)
        self._kinds = await self._listens_to(tx)
        since = found.starts_at
        while since < end:
            until = min(since + TURN, end)
            tx = self._outer.at(until)
            await self._turn(tx, since)
            since = until
            if found.entered > MOST_ENTRIES or time.monotonic() > self._until:
                found.is_complete = until == end
                break
        found.ends_at = since
        await self._sum_up(tx)

    async def _listens_to(self, tx: Tx) -> list[int]:
        """The kinds of facts that mean anything to the graph."""
        return await tx.value(
            sql(
                """
                select coalesce(array_agg(distinct kind), '{{}}') from (
                    select kind from automations.trigger where workspace_id = {workspace} and automation_id = {id}
                    union all
                    select f.kind from automations.wait_fact f
                    join automations.automation_version v on v.workspace_id = {workspace} and v.id = f.version_id
                    where f.workspace_id = {workspace} and v.automation_id = {id}
                    union all
                    select f.kind from automations.goal_fact f
                    join automations.automation_version v on v.workspace_id = {workspace} and v.id = f.version_id
                    where f.workspace_id = {workspace} and v.automation_id = {id}
                ) as known
                """,
                id=self.automation_id,
            )
        )

    async def _turn(self, tx: Tx, since: datetime) -> None:
        """What happened since then is heard, and whoever is due moves."""
        slice_ = sql(
            """
            select contact_id, at, id, kind, object_id, data, cause from activities.fact
            where workspace_id = {workspace} and kind = any({kinds}::smallint[]) and at > {since} and at <= {now}
            """,
            kinds=self._kinds,
            since=since,
        )
        await enroll_slice(tx, slice_, only=sql("a.id = {id}", id=self.automation_id))
        while await look(tx, only=sql("a.id = {id}", id=self.automation_id)):
            pass
        await wake_slice(tx, slice_, only=self._own)
        heard = sql("{own} and e.contact_id in (select contact_id from ({slice}) as s)", own=self._own, slice=slice_)
        await jump_where(tx, heard)
        mails = len(self._written)
        while time.monotonic() < self._until and (rows := await claim(tx, limit=BATCH, only=self._own)):
            # lint: no-row-loops because a turn is a batch
            await self._move(tx, rows)
        await self._note_day(tx, len(self._written) - mails)

    async def _move(self, tx: Tx, rows: Sequence[asyncpg.Record]) -> None:
        """A step that fails sets everyone aside who stands on it."""
        try:
            async with tx.conn.transaction():
                await self._pass(tx, rows, {})
        except StepFailed as failure:
            await self._pass(tx, rows, {failure.place: str(failure.cause)[:500]})

    async def _pass(self, tx: Tx, rows: Sequence[asyncpg.Record], stops: dict[tuple[int, int], str]) -> None:
        program, counters = self._program(tx, rows[0]["version_id"]), Counters()
        jumps = await find_jumps(tx, program, rows)
        leaving = [row["id"] for row in rows if jumps.get(row["contact_id"]) == EXIT]
        if leaving:
            await exit_runs(tx, sql("e.id = any({ids}::bigint[])", ids=leaving), reason="exit_rule")
            rows = [row for row in rows if jumps.get(row["contact_id"]) != EXIT]
        await Run(tx, program, rows, counters, stops, jumps=jumps, zone=self._zone).execute()
        await counters.write(tx)

    def _program(self, tx: Tx, version_id: int) -> Program:
        program = compile_program(
            tx.registry, self._asked.document, automation_id=self.automation_id, version_id=version_id
        )
        return replace(program, nodes=[self._counted(node) for node in program.nodes])

    def _counted(self, node: Node) -> Node:
        """What decides and waits is done; what sends or changes is not."""
        step = node.step
        if step is None or (step.group == "flow" and step.type not in ("start_automation", "end_automation")):
            return node
        return replace(node, step=replace(step, run=self._instead(node)))

    def _instead(self, node: Node) -> Callable[[Tx, Batch, Any], Awaitable[Outcome | None]]:
        async def counted(tx: Tx, batch: Batch, params: Any) -> Outcome | None:
            if node.step is not None and node.step.type == "send_email":
                await self._judge(tx, batch, params.message_id)
            exits = () if node.step is None else exit_names(node.step, params)
            return Branch({exits[0]: list(batch.contact_ids)}) if exits else None

        return counted

    async def _judge(self, tx: Tx, batch: Batch, message_id: int) -> None:
        """Whom the message would have reached, judged as when it is queued."""
        mails = self._mails.setdefault(batch.step_id, StepMails(batch.step_id, message_id))
        rows = await tx.all(
            sql(
                """
                select c.id, {reason} as reason from contacts.contact c
                where c.workspace_id = {workspace} and c.id = any({ids}::bigint[])
                """,
                reason=refusal(contact_id=sql("c.id"), email=sql("c.email")),
                ids=list(batch.contact_ids),
            )
        )
        reached = [row["id"] for row in rows if row["reason"] is None]
        mails.sent += len(reached)
        for reason, count in Counter(row["reason"] for row in rows if row["reason"] is not None).items():
            mails.refused[reason] = mails.refused.get(reason, 0) + count
        self._written += [(contact_id, tx.now) for contact_id in reached]

    async def _note_day(self, tx: Tx, mails: int) -> None:
        total = await tx.value(
            sql(
                "select count(*) from automations.enrollment e where e.workspace_id = {workspace} and {own}",
                own=self._own,
            )
        )
        day = tx.now.astimezone(self._zone).date().isoformat()
        if not self.found.days or self.found.days[-1].date != day:
            self.found.days.append(Day(day))
        self.found.days[-1].entered += total - self.found.entered
        self.found.days[-1].mails += mails
        self.found.entered = total

    async def _sum_up(self, tx: Tx) -> None:
        found = self.found
        rows = await tx.all(
            sql(
                """
                select trigger_id, state, count(*) as runs, count(distinct contact_id) as contacts
                from automations.enrollment e where e.workspace_id = {workspace} and {own}
                group by grouping sets ((trigger_id), (state), ())
                """,
                own=self._own,
            )
        )
        states = {row["state"]: row["runs"] for row in rows if row["state"] is not None}
        found.by_trigger = {row["trigger_id"]: row["runs"] for row in rows if row["trigger_id"] is not None}
        found.contacts = next(row["contacts"] for row in rows if row["state"] is None and row["trigger_id"] is None)
        found.completed, found.parked = states.get(State.COMPLETED, 0), states.get(State.PARKED, 0)
        found.inside = states.get(State.DUE, 0) + states.get(State.WAITING, 0)
        found.left = found.entered - found.completed - found.parked - found.inside
        found.steps = await list_step_counts(tx, self.automation_id)
        found.mails = list(self._mails.values())
        found.crowded = await self._crowded(tx)

    async def _crowded(self, tx: Tx) -> int:
        contact_ids, moments = zip(*self._written, strict=True) if self._written else ((), ())
        return await tx.value(
            sql(
                """
                select count(distinct would.contact_id)
                from unnest({contact_ids}::bigint[], {moments}::timestamptz[]) as would (contact_id, at)
                where exists (
                    select 1 from delivery.ledger l
                    where l.workspace_id = {workspace} and l.contact_id = would.contact_id and l.state = 2
                      and l.source_kind in (1, 2) and coalesce(l.automation_id <> {own}, true)
                      and l.sent_at between would.at - {close} and would.at + {close})
                """,
                contact_ids=list(contact_ids),
                moments=list(moments),
                close=CLOSE,
                own=sql("{own}::bigint", own=self._asked.automation_id),
            )
        )
