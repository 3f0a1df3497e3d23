"""A test run: the real engine, for one contact, in a transaction that is always undone (ADR 16).

    undone ┌ a contact is made, or a real one taken ─ the graph is published as an automation of its own
           │ for each event: it happens, or the clock moves ─ the log is read, and the run moves, to rest
           └ the trace is kept

The clock is the transaction's `now`. Facts go to the consumers of automations by hand, narrowed to this
contact and automation, since nobody else can see them before a commit that never comes. Mails stay rows
of the outbox, webhooks are left out, chance is drawn from a seed so that a replay goes the same way.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import asyncpg
import msgspec

from waypost.activities.actions import record
from waypost.activities.types import Audience
from waypost.automations.actions import activate_automation, create_automation
from waypost.automations.advance import claim
from waypost.automations.enroll import enroll_contacts, enroll_slice
from waypost.automations.errors import SimulationImpossible, SimulationTooLong
from waypost.automations.goals import jump_slice
from waypost.automations.run import StepFailed
from waypost.automations.simulate_engine import Mover, describe
from waypost.automations.simulate_types import LONGEST_DAYS, Simulation, SimulationEvent, Trace
from waypost.automations.wake import wake_slice
from waypost.contacts.actions.contacts import create_contact
from waypost.contacts.actions.fields import set_field
from waypost.contacts.actions.subscriptions import subscribe, unsubscribe
from waypost.contacts.actions.tags import add_tag, remove_tag
from waypost.contacts.audience import these
from waypost.contacts.queries.contacts import get_contact
from waypost.kernel.registry import Fact
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

MOST_PASSES = 1_000
MOST_SECONDS = 10.0


class _Undone(Exception):
    """Everything the test run wrote is taken back."""


async def simulate(tx: Tx, asked: Simulation) -> Trace:
    """What the engine would do; nothing of it stays."""
    starts_at = asked.starts_at or tx.now
    if starts_at.tzinfo is None:
        raise SimulationImpossible(reason="The start needs a time zone.", pointer="/starts_at")
    trace = Trace(starts_at=starts_at, now=starts_at)
    try:
        async with tx.conn.transaction():
            await tx.run(sql("set local statement_timeout = '5s'"))
            await _Simulator(tx, asked, trace).play()
            raise _Undone  # noqa: TRY301 - a savepoint is left by raising
    except _Undone:
        return trace
    except asyncpg.QueryCanceledError as error:
        raise SimulationTooLong from error


class _Simulator:
    """One test run, from its start to its last event."""

    def __init__(self, tx: Tx, asked: Simulation, trace: Trace) -> None:
        self._outer = tx
        self.asked = asked
        self.trace = trace
        self.tx = self._outer.at(trace.starts_at)
        self.event = 0
        self._seen = 0
        self._told = 0
        self._passes = 0
        self._until = time.monotonic() + MOST_SECONDS

    async def play(self) -> None:
        """Everything in order; the trace grows as it goes."""
        self.contact_id = await self._contact()
        automation = await create_automation(
            self.tx, name="Test run", document=msgspec.to_builtins(self.asked.document)
        )
        self.automation_id = (await activate_automation(self.tx, automation.id)).id
        self.mover = Mover(self.asked, self.trace, self.automation_id, self.contact_id)
        self._seen = self._told = await self._last_fact()
        if self.asked.enters == "at_once":
            await enroll_contacts(self.tx, self.automation_id, these([self.contact_id]))
        await self._settle()
        for number, event in enumerate(self.asked.events, start=1):
            self.event = number
            await self._happen(event, f"/events/{number - 1}")
            await self._settle()
        await describe(self.tx, self.trace, self.asked.document, self.automation_id, self.contact_id)

    async def _contact(self) -> int:
        if self.asked.contact_id is not None:
            return (await get_contact(self.tx, self.asked.contact_id)).id
        given = self.asked.contact
        bad = next((key for key in given.fields if not key.isdecimal()), None)
        if bad is not None:
            raise SimulationImpossible(reason="Fields are named by their number.", pointer=f"/contact/fields/{bad}")
        made = await create_contact(
            self.tx,
            email=given.email,
            first_name=given.first_name,
            last_name=given.last_name,
            fields={int(key): value for key, value in given.fields.items()},
        )
        for tag_id in given.tag_ids:
            await add_tag(self.tx, tag_id, these([made.id]))  # lint: no-row-loops because a form has few tags
        for list_id in given.list_ids:
            await subscribe(self.tx, list_id, these([made.id]))  # lint: no-row-loops because a form has few lists
        return made.id

    async def _happen(self, event: SimulationEvent, pointer: str) -> None:
        who = these([self.contact_id])
        if event.type == "advance":
            if event.seconds is None:
                raise SimulationImpossible(reason="Say for how long.", pointer=f"{pointer}/seconds")
            await self._pass_until(self.tx.now + timedelta(seconds=event.seconds))
        elif event.type == "next":
            due = await self._next_due()
            if due is None:
                raise SimulationImpossible(reason="Nothing is due at any time: something must happen.", pointer=pointer)
            self._move_clock(due)
        elif event.type == "fact":
            await self._say(event, who, pointer)
        elif event.id is None:
            raise SimulationImpossible(reason="Say which tag, list or field.", pointer=f"{pointer}/id")
        else:
            await self._change(event.type, event.id, event.value, who)

    async def _change(self, what: str, object_id: int, value: object, who: Audience) -> None:
        match what:
            case "add_tag":
                await add_tag(self.tx, object_id, who)
            case "remove_tag":
                await remove_tag(self.tx, object_id, who)
            case "subscribe":
                await subscribe(self.tx, object_id, who)
            case "unsubscribe":
                await unsubscribe(self.tx, object_id, who)
            case _:
                await set_field(self.tx, object_id, value, who)

    async def _say(self, event: SimulationEvent, who: Audience, pointer: str) -> None:
        """A fact that comes from outside: a mail is opened, a page visited."""
        known = self.tx.registry.facts.get(event.fact)
        if known is None or not known.is_trigger:
            raise SimulationImpossible(reason=f"Nothing is called {event.fact}.", pointer=f"{pointer}/fact")
        if event.value is not None and not isinstance(event.value, dict):
            raise SimulationImpossible(reason="The value must be an object.", pointer=f"{pointer}/value")
        given: dict[str, object] = dict(event.value or {})
        if known.object is not None:
            if event.id is None:
                raise SimulationImpossible(reason=f"{known.object} is required.", pointer=f"{pointer}/id")
            given[known.object] = event.id
        try:
            fact: Fact = msgspec.convert(given, known)
        except msgspec.ValidationError as error:
            raise SimulationImpossible(reason=str(error), pointer=f"{pointer}/value") from error
        await record(self.tx, fact, who)

    async def _pass_until(self, end: datetime) -> None:
        """Stop wherever something falls due on the way, as the engine would."""
        while (due := await self._next_due()) is not None and due <= end:
            self._move_clock(due)
            await self._settle()
        self._move_clock(end)

    def _move_clock(self, now: datetime) -> None:
        if now > self.trace.starts_at + timedelta(days=LONGEST_DAYS):
            raise SimulationTooLong
        now = max(now, self.tx.now)
        self.tx, self.trace.now = self._outer.at(now), now

    async def _next_due(self) -> datetime | None:
        return await self.tx.value(
            sql(
                """
                select min(due_at) from automations.enrollment
                where workspace_id = {workspace} and contact_id = {contact_id} and automation_id = {automation_id}
                  and state in (0, 1)
                """,
                contact_id=self.contact_id,
                automation_id=self.automation_id,
            )
        )

    async def _settle(self) -> None:
        """Until the log is read and the run rests."""
        while True:
            self._passes += 1
            if self._passes > MOST_PASSES or time.monotonic() > self._until:
                raise SimulationTooLong
            is_read = await self._read_log()
            is_moved = await self._advance()
            await self._listen()
            if not is_read and not is_moved:
                return

    async def _last_fact(self) -> int:
        last = await self.tx.value(
            sql(
                "select max(id) from activities.fact where workspace_id = {workspace} and contact_id = {contact_id}",
                contact_id=self.contact_id,
            )
        )
        return int(last or 0)

    async def _read_log(self) -> bool:
        last = await self._last_fact()
        if last <= self._seen:
            return False
        slice_ = sql(
            """
            select contact_id, at, id, kind, object_id, data, cause from activities.fact
            where workspace_id = {workspace} and contact_id = {contact_id} and id > {seen} and id <= {last}
            """,
            contact_id=self.contact_id,
            seen=self._seen,
            last=last,
        )
        self._seen = last
        await enroll_slice(self.tx, slice_, only=sql("a.id = {id}", id=self.automation_id))
        await wake_slice(self.tx, slice_)
        await jump_slice(self.tx, slice_)
        return True

    async def _advance(self) -> bool:
        """One pass; a step that fails parks the contact, as in the engine."""
        only = sql(
            "e.contact_id = {contact_id} and e.automation_id = {automation_id}",
            contact_id=self.contact_id,
            automation_id=self.automation_id,
        )
        rows = await claim(self.tx, limit=1, only=only)
        if not rows:
            return False
        self.mover.event = self.event
        try:
            async with self.tx.conn.transaction():
                await self.mover.move(self.tx, rows, {})
        except StepFailed as failure:
            reason = str(failure.cause) or type(failure.cause).__name__
            await self.mover.move(self.tx, rows, {failure.place: reason[:500]})
        await self.mover.follow(self.tx, rows[0]["id"])
        return True

    async def _listen(self) -> None:
        self._told = await self.mover.listen(self.tx, self._told)
