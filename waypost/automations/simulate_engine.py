"""The engine under observation: every step says that it was come to, and chance is taken out of its hands."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import asyncpg

from waypost.automations.advance import Stops
from waypost.automations.counters import Counters
from waypost.automations.errors import SimulationImpossible
from waypost.automations.goals import find_jumps
from waypost.automations.graph import (
    EXIT,
    WAIT_UNTIL,
    WEBHOOK,
    AutomationDocument,
    Node,
    Program,
    compile_program,
    exit_names,
    walk,
)
from waypost.automations.run import Run
from waypost.automations.simulate_types import Mail, Said, Simulation, Trace, Visit
from waypost.automations.types import State
from waypost.automations.wake import exit_runs
from waypost.delivery.types import State as MailState
from waypost.identity.queries import get_workspace
from waypost.kernel.registry import Batch, Branch, Outcome, Step
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.preview import preview_message
from waypost.messages.queries import get_message
from waypost.segments.explain import Part, explain_condition

CHANCE = ("split", "split_paths", "split_test")
DONE = "done"


class Mover:
    """Moves the one run, and writes down what it sees."""

    def __init__(self, asked: Simulation, trace: Trace, automation_id: int, contact_id: int) -> None:
        self.asked = asked
        self.trace = trace
        self.automation_id = automation_id
        self.contact_id = contact_id
        self.event = 0
        self._program: Program | None = None
        self._paths = 0
        self._mails = 0
        self._drawn: dict[str, int] = {}

    async def move(self, tx: Tx, rows: Sequence[asyncpg.Record], stops: Stops) -> None:
        """As far as it can go: what Advancer.move does, for one."""
        program = self._program or self._compile(tx, rows[0]["version_id"])
        counters = Counters()
        jumps = await find_jumps(tx, program, rows)
        if jumps.get(self.contact_id) == EXIT:
            await exit_runs(tx, sql("e.id = {id}", id=rows[0]["id"]), reason="exit_rule")
            return
        zone = ZoneInfo((await get_workspace(tx)).time_zone)
        await Run(tx, program, rows, counters, stops, jumps=jumps, zone=zone).execute()
        await counters.write(tx)

    def _compile(self, tx: Tx, version_id: int) -> Program:
        program = compile_program(
            tx.registry, self.asked.document, automation_id=self.automation_id, version_id=version_id
        )
        self._check_choices(program.nodes)
        self._program = replace(program, nodes=[self._watched(node) for node in program.nodes])
        return self._program

    def _check_choices(self, nodes: Sequence[Node]) -> None:
        known = {node.step_id: node for node in nodes}
        for step_id, wanted in self.asked.choices.items():
            node = known.get(step_id)
            if node is None or node.step is None or node.step.type not in (*CHANCE, WEBHOOK):
                raise SimulationImpossible(reason="There is nothing to choose here.", pointer=f"/choices/{step_id}")
            if wanted not in exit_names(node.step, node.params):
                raise SimulationImpossible(reason=f"There is no way {wanted}.", pointer=f"/choices/{step_id}")

    def _watched(self, node: Node) -> Node:
        if node.step is None:
            return node
        run = self._decided(node) if node.step.type in (*CHANCE, WEBHOOK) else node.step.run
        return replace(node, step=replace(node.step, run=self._noted(node.step, run)), reads=node.reads)

    def _noted(
        self, step: Step, run: Callable[[Tx, Batch, Any], Awaitable[Outcome | None]]
    ) -> Callable[[Tx, Batch, Any], Awaitable[Outcome | None]]:
        async def noted(tx: Tx, batch: Batch, params: Any) -> Outcome | None:
            parts: list[Part] = []
            for condition in _conditions(params):
                # lint: no-row-loops because a turn is a path of one step, for one contact
                parts.append((await explain_condition(tx, condition, self.contact_id)).tree)  # noqa: PERF401
            visits = self.trace.visits
            if visits and visits[-1].step_id == batch.step_id and visits[-1].outcome is None:
                visits[-1].conditions = parts
            else:
                visits.append(Visit(tx.now, self.event, batch.step_id, step.type, parts))
            return await run(tx, batch, params)

        return noted

    def _decided(self, node: Node) -> Callable[[Tx, Batch, Any], Awaitable[Outcome | None]]:
        """By hand, or drawn from the seed; another server always answers well, unless told otherwise."""

        async def decided(tx: Tx, batch: Batch, params: Any) -> Outcome | None:
            del tx
            chosen = self.asked.choices.get(batch.step_id) or self._draw(node, params, batch.step_id)
            self.trace.choices[batch.step_id] = chosen
            return Branch({chosen: list(batch.contact_ids)})

        return decided

    def _draw(self, node: Node, params: Any, step_id: str) -> str:
        if node.step is None or node.step.type == WEBHOOK:
            return DONE
        names = list(exit_names(node.step, params))
        turn = self._drawn[step_id] = self._drawn.get(step_id, 0) + 1
        random = Random(f"{self.asked.seed}:{step_id}:{turn}")
        if node.step.type == "split":
            weights = [params.percent, 100 - params.percent]
        else:
            shares = [getattr(path, "percent", None) for path in params.paths]
            weights = [100 if share is None else share for share in shares]
        return random.choices(names, weights if len(weights) == len(names) else None)[0]

    async def follow(self, tx: Tx, enrollment_id: int) -> None:
        """Which ways the run has left by, and what it would have sent."""
        rows = await tx.all(
            sql(
                """
                select id, at, trail from automations.path
                where workspace_id = {workspace} and enrollment_id = {enrollment_id} and id > {seen} order by id
                """,
                enrollment_id=enrollment_id,
                seen=self._paths,
            )
        )
        for row in rows:
            self._paths = row["id"]
            for mark in row["trail"].split(","):
                self._left(mark, row)
        await self._note_mails(tx)

    def _left(self, mark: str, row: asyncpg.Record) -> None:
        self.trace.trail.append(mark)
        step_id, _, outcome = mark.partition(":")
        visit = next((item for item in self.trace.visits if item.step_id == step_id and item.outcome is None), None)
        if visit is not None:
            visit.outcome, visit.left_at = outcome, row["at"]

    async def _note_mails(self, tx: Tx) -> None:
        rows = await tx.all(
            sql(
                """
                select id, step_id, message_id, state, smtp_reply from delivery.ledger
                where workspace_id = {workspace} and contact_id = {contact_id} and automation_id = {automation_id}
                  and id > {seen}
                order by id
                """,
                contact_id=self.contact_id,
                automation_id=self.automation_id,
                seen=self._mails,
            )
        )
        for row in rows:
            self._mails = row["id"]
            # lint: no-row-loops because a turn is a message of one pass, rendered for one contact
            mail = await self._render(tx, row)
            for visit in reversed(self.trace.visits):
                if visit.step_id == row["step_id"]:
                    visit.mails.append(mail)
                    break

    async def _render(self, tx: Tx, row: asyncpg.Record) -> Mail:
        message = await get_message(tx, row["message_id"])
        shown = await preview_message(
            tx,
            document=message.document,
            subject=message.subject,
            preheader=message.preheader,
            contact_id=self.contact_id,
        )
        is_stopped = row["state"] in (MailState.FAILED, MailState.SUPPRESSED)
        reason = (row["smtp_reply"] or "suppressed") if is_stopped else None
        return Mail(message.id, shown.subject, shown.html, shown.text, reason)

    async def listen(self, tx: Tx, told: int) -> int:
        """What stands in the log since then; returns the last."""
        rows = await tx.all(
            sql(
                """
                select id, at, kind, object_id, data from activities.fact
                where workspace_id = {workspace} and contact_id = {contact_id} and id > {told} order by id
                """,
                contact_id=self.contact_id,
                told=told,
            )
        )
        kinds = tx.registry.fact_kinds
        own = [row["object_id"] == self.automation_id for row in rows]
        self.trace.facts += [
            Said(row["at"], self.event, kinds[row["kind"]].name, None if is_own else row["object_id"], row["data"])
            for row, is_own in zip(rows, own, strict=True)
        ]
        return rows[-1]["id"] if rows else told


def _conditions(params: Any) -> list[Any]:
    """What a step asks about the contact, in the order in which it asks."""
    own = getattr(params, "condition", None)
    if own is not None:
        return [own]
    paths = getattr(params, "paths", ())
    return [path.condition for path in paths if getattr(path, "condition", None) is not None]


async def describe(tx: ReadTx, trace: Trace, document: AutomationDocument, automation_id: int, contact_id: int) -> None:
    """Where the contact stands, and what it waits for."""
    row = await tx.maybe(
        sql(
            """
            select state, step_id, due_at, error, trigger_id from automations.enrollment
            where workspace_id = {workspace} and automation_id = {automation_id} and contact_id = {contact_id}
            order by id desc limit 1
            """,
            automation_id=automation_id,
            contact_id=contact_id,
        )
    )
    if row is None:
        return
    state = State(row["state"])
    trace.state, trace.error, trace.trigger_id = state.name.lower(), row["error"], row["trigger_id"]
    trace.step_id = row["step_id"]
    trace.due_at = row["due_at"] if state in (State.DUE, State.WAITING) else None
    if state == State.WAITING:
        trace.waits_for = await _waited_for(tx, document, row["step_id"], contact_id)


async def _waited_for(tx: ReadTx, document: AutomationDocument, step_id: str, contact_id: int) -> Part | None:
    step = next((item for item, _ in walk(document.steps) if item.id == step_id), None)
    condition = None if step is None or step.type not in (WAIT_UNTIL, "goal") else step.params.get("condition")
    return None if condition is None else (await explain_condition(tx, condition, contact_id)).tree
