"""Questions about a contact's way through automations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from waypost.automations.facts import AutomationCompleted, AutomationEntered, AutomationExited, StepParked
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import ReadTx

LOOK_AGAIN = timedelta(minutes=1)
"""Passing from step to step leaves no fact, so a condition on a step is asked again this often."""


class InAutomation(Model):
    """Is inside now, has ever entered, has completed, or was taken out; `step_id` narrows being inside to a step."""

    automation_id: Annotated[int, msgspec.Meta(ge=1)]
    state: Literal["inside", "entered", "completed", "exited"] = "inside"
    step_id: Annotated[str, msgspec.Meta(min_length=1, max_length=64)] | None = None


_STATES: dict[str, Sql] = {
    "inside": sql("e.state in (0, 1, 3)"),
    "entered": TRUE,
    "completed": sql("e.state = 2"),
    "exited": sql("e.state = 4"),
}


async def _resolve(tx: ReadTx, many: Sequence[InAutomation]) -> list[InAutomation | Problem]:
    rows = await tx.all(
        sql(
            "select id from automations.automation "
            "where workspace_id = {workspace} and deleted_at is null and id = any({ids}::bigint[])",
            ids=[params.automation_id for params in many],
        )
    )
    known = {row["id"] for row in rows}
    return [_checked(params, is_known=params.automation_id in known) for params in many]


def _checked(params: InAutomation, *, is_known: bool) -> InAutomation | Problem:
    if not is_known:
        text = f"There is no automation {params.automation_id}."
        return Problem("/automation_id", text, "automations.automation_not_found")
    if params.step_id is not None and params.state != "inside":
        return Problem("/step_id", "A step goes with being inside only.", "automations.step_unfit")
    return params


def _runs(params: InAutomation) -> Sql:
    step = TRUE if params.step_id is None else sql("e.step_id = {step_id}", step_id=params.step_id)
    return and_(
        sql("e.automation_id = {id}", id=params.automation_id),
        _STATES[params.state],
        step,
    )


def _predicate(params: InAutomation, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from automations.enrollment e
                where e.workspace_id = {workspace} and {runs} and e.contact_id = {contact_id})
        """,
        runs=_runs(params),
        contact_id=contact_id,
    )


def _members(params: InAutomation) -> Sql:
    """A contact is inside at most once, but may have been so often."""
    once = Sql("") if params.state == "inside" else Sql("distinct")
    return sql(
        "select {once} e.contact_id from automations.enrollment e where e.workspace_id = {workspace} and {runs}",
        once=once,
        runs=_runs(params),
    )


def _is_at_step(params: InAutomation) -> bool:
    return params.step_id is not None


def _due(params: InAutomation, contact_id: Sql) -> Sql | None:
    if params.step_id is None:
        return None
    inside = InAutomation(automation_id=params.automation_id)
    return sql("case when {inside} then {now} + {pause} end", inside=_predicate(inside, contact_id), pause=LOOK_AGAIN)


def _explain(params: InAutomation, contact_id: Sql) -> Sql:
    return sql(
        """
        (select jsonb_build_object('state', ({words}::text[])[e.state + 1], 'step_id', e.step_id,
                                   'entered_at', e.entered_at)
         from automations.enrollment e
         where e.workspace_id = {workspace} and e.automation_id = {id} and e.contact_id = {contact_id}
         order by e.id desc limit 1)
        """,
        words=["inside", "waiting", "completed", "parked", "exited"],
        id=params.automation_id,
        contact_id=contact_id,
    )


CONDITIONS = (
    Condition(
        "in_automation",
        "Is in, entered or completed an automation",
        "Automations",
        InAutomation,
        _predicate,
        facts=(AutomationEntered, AutomationCompleted, AutomationExited, StepParked),
        time_bound=_is_at_step,
        resolve=_resolve,
        members=_members,
        due=_due,
        explain=_explain,
        sentence="{state} {automation_id}",
    ),
)
