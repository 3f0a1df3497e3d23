"""One pass of one batch through one program, inside one transaction.

            ┌────────── due (0) ◄── enrolled, woken, retried
            ▼                 ▲
    at a step ──wait──────────┘   (is_served: goes on with the next step when due)
       │  ├──condition──► waiting (1) ──fact or time-out──► looked at again
       │  ├──error──────► parked (3) ──retry──► due
       │  └──end────────► completed (2)
       ▼
    the next step, in the same pass

Contacts travel in groups that share a trail (the steps and exits behind them in this pass), so what
is kept per contact is a place in a list of ids. Writes are left to the end (see standing.py).

A contact who does not meet a condition is first written as waiting and due at once: the second look,
in a later transaction, sees every fact that was not yet visible to the first (see wake.py).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from waypost.automations.counters import WHOLE, Counters
from waypost.automations.facts import AutomationCompleted, StepParked
from waypost.automations.goals import JUMPED
from waypost.automations.graph import END, Node, Program
from waypost.automations.standing import Ending, Group, Standing
from waypost.automations.types import State
from waypost.automations.windows import next_window
from waypost.kernel.registry import Branch, End, Fact, Outcome, Parts, Wait, WaitFor
from waypost.kernel.tx import Actor, Tx
from waypost.segments.compile import is_time_bound
from waypost.segments.queries import matching
from waypost.segments.tree import parse_condition

LOOK_AGAIN = timedelta(hours=1)
"""How often a condition that passing time alone can meet is looked at."""

UNATTRIBUTABLE = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    OSError,
)
"""Failures of the surroundings, which no contact and no step is to blame for."""

Flush = Callable[[Tx, list[tuple[Sequence[int], Any]]], Awaitable[None]]


class StepFailed(Exception):
    """A step could not be done for a batch."""

    def __init__(self, version_id: int, number: int, cause: Exception) -> None:
        super().__init__(str(cause))
        self.place = (version_id, number)
        self.cause = cause


class StepBatch:
    """The contacts on one step; what a step sees of the run."""

    def __init__(self, run: Run, node: Node, contact_ids: list[int]) -> None:
        self._run = run
        self._node = node
        self.contact_ids: Sequence[int] = contact_ids
        self.automation_id = run.program.automation_id
        self.version_id = run.program.version_id
        self.step_id = node.step_id
        self.parked: dict[int, str] = {}

    def enrollment_id(self, contact_id: int) -> int:
        return self._run.enrollments[contact_id]

    def defer(self, flush: Flush, contact_ids: Sequence[int], payload: Any) -> None:
        self._run.deferred.setdefault(flush, []).append((self._node, contact_ids, payload))

    def record(self, fact: Fact, contact_ids: Sequence[int]) -> None:
        self._run.facts.append((fact, contact_ids))

    def park(self, contact_ids: Sequence[int], reason: str) -> None:
        self.parked.update(dict.fromkeys(contact_ids, reason))


class Run:
    """The batch of one version. `stops` are nodes at which everyone is parked, with the reason.

    `jumps` are the goals' nodes of the contacts who go there at once; `zone` is whose clocks a send window means.
    `one_step` ends the pass after the first step that anyone stands on, which only a comparison wants.
    """

    def __init__(
        self,
        tx: Tx,
        program: Program,
        rows: Sequence[asyncpg.Record],
        counters: Counters,
        stops: Mapping[tuple[int, int], str],
        *,
        jumps: Mapping[int, int],
        zone: ZoneInfo,
        one_step: bool = False,
    ) -> None:
        self.zone = zone
        self.tx = tx.acting_as(Actor("automation", program.automation_id))
        self.program = program
        self.counters = counters
        self.stops = stops
        self.one_step = one_step
        self.enrollments: dict[int, int] = {row["contact_id"]: row["id"] for row in rows}
        self.deferred: dict[Flush, list[tuple[Node, Sequence[int], Any]]] = {}
        self.facts: list[tuple[Fact, Sequence[int]]] = []
        self._arriving: dict[int, list[Group]] = {}
        self._standing: dict[Standing, list[Group]] = {}
        self._deadlines: dict[tuple[int, str], datetime | None] = {}
        self._passed: dict[int, int] = {}
        self._start(rows, jumps)

    def _start(self, rows: Sequence[asyncpg.Record], jumps: Mapping[int, int]) -> None:
        """Put everyone on the step they stand on; whose wait is served starts behind it, who jumps at a goal."""
        groups: dict[tuple[str, bool], list[int]] = {}
        jumping: dict[tuple[str, int], list[int]] = {}
        for row in rows:
            if row["contact_id"] in jumps:
                jumping.setdefault((row["step_id"], jumps[row["contact_id"]]), []).append(row["contact_id"])
                continue
            groups.setdefault((row["step_id"], row["is_served"]), []).append(row["contact_id"])
            if row["state"] == State.WAITING:
                self._deadlines[row["contact_id"], row["step_id"]] = row["deadline"]
        for (step_id, number), contact_ids in jumping.items():
            self.counters.add(self.program.automation_id, step_id, here=-len(contact_ids))
            self._arriving.setdefault(number, []).append((f"{step_id}:{JUMPED}", contact_ids))
        for (step_id, is_served), contact_ids in groups.items():
            node = self.program.nodes[self.program.numbers[step_id]]
            self.counters.add(self.program.automation_id, step_id, here=-len(contact_ids))
            if is_served:
                self._leave(node, [("", contact_ids)])
            else:
                self._arriving.setdefault(node.number, []).append(("", contact_ids))

    async def execute(self, *, is_last: bool = False) -> None:
        """Take everyone as far as they can go, then write it all; the counters too behind the last of several."""
        for node in self.program.nodes:
            groups = self._arriving.pop(node.number, None)
            if groups:
                await self._visit(node, groups)
                if self.one_step:
                    break
        for number, groups in self._arriving.items():
            self._stand(self.program.nodes[number], groups, State.DUE, due_at=self.tx.now)
        await self._flush()
        for number, count in self._passed.items():
            self.counters.add(self.program.automation_id, self.program.nodes[number].step_id, passed=count)
        if self._standing:
            ending = Ending(self._standing, self.enrollments, self.facts)
            await ending.write(self.tx, self.counters if is_last else None)

    async def _visit(self, node: Node, groups: list[Group]) -> None:
        place = (self.program.version_id, node.number)
        if place in self.stops or node.step is None:
            self._stand(node, groups, State.PARKED, error=self.stops.get(place, node.problem))
            return
        opens = self._window_opens(node)
        if opens is not None:
            self._stand(node, groups, State.DUE, due_at=opens)
            return
        contact_ids = groups[0][1] if len(groups) == 1 else sorted(i for _, ids in groups for i in ids)
        batch = StepBatch(self, node, contact_ids)
        try:
            if node.reads:
                await self._flush()
            outcome = await node.step.run(self.tx, batch, node.params)
            if node.reads:
                # What the step read stays true until what it writes is written.
                await self._flush()
            if batch.parked:
                groups = self._park(node, groups, batch.parked)
            await self._settle(node, groups, outcome)
        except (StepFailed, *UNATTRIBUTABLE):
            raise
        except Exception as error:
            raise StepFailed(*place, error) from error

    def _window_opens(self, node: Node) -> datetime | None:
        """When messages may leave, if that is not now."""
        window = self.program.settings.send_window
        if window is None or node.step is None or node.step.group != "send":
            return None
        zone = ZoneInfo(window.time_zone) if window.time_zone else self.zone
        opens = next_window(self.tx.now, window, zone)
        return opens if opens is not None and opens > self.tx.now else None

    def _park(self, node: Node, groups: list[Group], parked: Mapping[int, str]) -> list[Group]:
        """Take out those the step refused; returns who is left."""
        for reason in sorted(set(parked.values())):
            refused = [(trail, [i for i in ids if parked.get(i) == reason]) for trail, ids in groups]
            self._stand(node, refused, State.PARKED, error=reason)
        return [(trail, [i for i in ids if i not in parked]) for trail, ids in groups]

    async def _settle(self, node: Node, groups: list[Group], outcome: Outcome | None) -> None:
        match outcome:
            case None:
                self._leave(node, groups)
            case Branch(exits=exits):
                self._branch(node, groups, exits)
            case Wait(until=until, is_movable=is_movable):
                if is_movable:
                    self._wait_movably(node, groups, until)
                else:
                    self._wait(node, groups, until)
            case WaitFor():
                await self._wait_for(node, groups, outcome)
            case End():
                self._leave(node, groups, to=END)
            case Parts(parts=parts):
                for contact_ids, part in parts:
                    members = set(contact_ids)
                    mine = [(trail, [i for i in ids if i in members]) for trail, ids in groups]
                    # lint: no-row-loops because a turn is an outcome
                    await self._settle(node, mine, part)

    def _leave(self, node: Node, groups: list[Group], exit_name: str = "", *, to: int | None = None) -> None:
        """Go on by an exit; whoever has nowhere to go is done."""
        mark = f"{node.step_id}:{exit_name}" if exit_name else node.step_id
        moved = [(f"{trail},{mark}" if trail else mark, ids) for trail, ids in groups if ids]
        self._passed[node.number] = self._passed.get(node.number, 0) + sum(len(ids) for _, ids in moved)
        target = node.target(exit_name) if to is None else to
        if target == END:
            self._stand(node, moved, State.COMPLETED)
        elif moved:
            self._arriving.setdefault(target, []).extend(moved)

    def _branch(self, node: Node, groups: list[Group], exits: Mapping[str, Sequence[int]]) -> None:
        """Part every group by exit; who is named in none goes on with the next step."""
        rest = groups
        for name, chosen in exits.items():
            if len(rest) == 1 and len(rest[0][1]) == len(chosen):
                self._leave(node, rest, name)
                return
            members = set(chosen)
            self._leave(node, [(trail, [i for i in ids if i in members]) for trail, ids in rest], name)
            rest = [(trail, [i for i in ids if i not in members]) for trail, ids in rest]
        self._leave(node, rest)

    def _wait(self, node: Node, groups: list[Group], until: datetime | Mapping[int, datetime]) -> None:
        if isinstance(until, datetime):
            if until <= self.tx.now:
                self._leave(node, groups)
            else:
                self._stand(node, groups, State.DUE, is_served=True, due_at=until)
            return
        now = self.tx.now
        self._leave(node, [(trail, [i for i in ids if until.get(i, now) <= now]) for trail, ids in groups])
        late: dict[datetime, list[Group]] = {}
        for trail, ids in groups:
            parts: dict[datetime, list[int]] = {}
            for contact_id in ids:
                if until.get(contact_id, now) > now:
                    parts.setdefault(until[contact_id], []).append(contact_id)
            for due_at, waiting in parts.items():
                late.setdefault(due_at, []).append((trail, waiting))
        for due_at, waiting in late.items():
            self._stand(node, waiting, State.DUE, is_served=True, due_at=due_at)

    def _wait_movably(self, node: Node, groups: list[Group], until: datetime | Mapping[int, datetime]) -> None:
        """Like `_wait`, but a fact may move the time: whoever waits is asked again then, as in `_wait_for`."""
        now = self.tx.now
        over: list[Group] = []
        late: dict[tuple[datetime, datetime], list[Group]] = {}
        for trail, ids in groups:
            served: list[int] = []
            parts: dict[tuple[datetime, datetime], list[int]] = {}
            for contact_id in ids:
                known = self._deadlines.get((contact_id, node.step_id))
                target = until if isinstance(until, datetime) else until.get(contact_id, now)
                if target <= now or (known is not None and known <= now):
                    served.append(contact_id)
                else:
                    parts.setdefault((now if known is None else target, target), []).append(contact_id)
            over.append((trail, served))
            for times, waiting in parts.items():
                late.setdefault(times, []).append((trail, waiting))
        self._leave(node, over)
        for (due_at, target), waiting in late.items():
            self._stand(node, waiting, State.WAITING, due_at=due_at, deadline=target)

    async def _wait_for(self, node: Node, groups: list[Group], outcome: WaitFor) -> None:
        """Let through who meets the condition or has waited long enough; the rest wait on."""
        now = self.tx.now
        met = outcome.met
        if met is None:
            met = await matching(self.tx, outcome.condition, [i for _, ids in groups for i in ids])
        look = self._next_look(outcome)
        out_of_time: list[Group] = []
        again: dict[tuple[datetime | None, datetime | None], list[Group]] = {}
        for trail, ids in groups:
            late: list[int] = []
            stay: dict[tuple[datetime | None, datetime | None], list[int]] = {}
            for contact_id in ids:
                if contact_id in met:
                    continue
                is_new = (contact_id, node.step_id) not in self._deadlines
                deadline = outcome.timeout if is_new else self._deadlines[contact_id, node.step_id]
                if deadline is not None and deadline <= now:
                    late.append(contact_id)
                    continue
                later = min((at for at in (deadline, look) if at is not None), default=None)
                stay.setdefault((now if is_new else later, deadline), []).append(contact_id)
            out_of_time.append((trail, late))
            for times, waiting in stay.items():
                again.setdefault(times, []).append((trail, waiting))
        self._leave(node, [(trail, [i for i in ids if i in met]) for trail, ids in groups], "met")
        self._leave(node, out_of_time, "timed_out")
        for (due_at, deadline), waiting in again.items():
            self._stand(node, waiting, State.WAITING, due_at=due_at, deadline=deadline)

    def _next_look(self, outcome: WaitFor) -> datetime | None:
        node = parse_condition(self.tx.registry, outcome.condition)
        return self.tx.now + LOOK_AGAIN if is_time_bound(node) else None

    def _stand(
        self,
        node: Node,
        groups: list[Group],
        state: State,
        *,
        is_served: bool = False,
        due_at: datetime | None = None,
        deadline: datetime | None = None,
        error: str | None = None,
    ) -> None:
        groups = [group for group in groups if group[1]]
        if not groups:
            return
        standing = Standing(node.step_id, state, is_served, due_at, deadline, error)
        self._standing.setdefault(standing, []).extend(groups)
        automation_id, count = self.program.automation_id, sum(len(ids) for _, ids in groups)
        if state == State.COMPLETED:
            self.counters.add(automation_id, node.step_id, completed=count)
            self.counters.add(automation_id, WHOLE, here=-count, completed=count)
            done = AutomationCompleted(automation_id=automation_id)
            self.facts.extend((done, ids) for _, ids in groups)
            return
        parked = count if state == State.PARKED else 0
        self.counters.add(automation_id, node.step_id, here=count, parked=parked)
        if error is not None:
            self.counters.add(automation_id, WHOLE, parked=count)
            fact = StepParked(automation_id=automation_id, step_id=node.step_id, error=error)
            self.facts.extend((fact, ids) for _, ids in groups)

    async def _flush(self) -> None:
        """Write what steps have left for later, all of one kind together."""
        deferred, self.deferred = self.deferred, {}
        for flush, items in deferred.items():
            try:
                # lint: no-row-loops because a turn is one kind of change, for everyone
                await flush(self.tx, [(contact_ids, payload) for _, contact_ids, payload in items])
            except UNATTRIBUTABLE:
                raise
            except Exception as error:
                raise StepFailed(self.program.version_id, items[0][0].number, error) from error
