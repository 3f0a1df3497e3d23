"""A goal: whoever meets its condition jumps here at once; whoever comes here without waits or goes on.

Who arrives by a jump has met it already (see goals.py), even if the condition has ceased to hold since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from waypost.automations import graph
from waypost.automations.facts import GoalReached, GoalSkipped
from waypost.automations.goals import list_met, note_met, note_passed
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Branch, Step, WaitFor
from waypost.kernel.tx import Tx
from waypost.segments.queries import matching


class GoalParams(Model):
    """Contacts jump here from the steps that lead to it, or from anywhere: other branches and behind it too."""

    name: str
    condition: dict[str, Any]
    jump_from: Literal["steps_before", "anywhere"] = "steps_before"
    without_match: Literal["wait", "go_on", "end"] = "wait"


async def run(tx: Tx, batch: Batch, params: GoalParams) -> WaitFor | Branch:
    runs = {batch.enrollment_id(contact_id): contact_id for contact_id in batch.contact_ids}
    noted = await list_met(tx, batch.step_id, list(runs))
    known = {runs[enrollment_id] for enrollment_id in noted}
    asked = [contact_id for contact_id in batch.contact_ids if contact_id not in known]
    found = await matching(tx, params.condition, asked) if asked else set[int]()
    await note_met(tx, [(batch.enrollment_id(contact_id), batch.step_id) for contact_id in sorted(found)])
    come = [enrollment_id for enrollment_id, is_passed in noted.items() if not is_passed]
    await note_passed(tx, batch.step_id, come)
    # A goal counts once a run: who comes round again goes on without a word.
    reached = sorted(found | {runs[enrollment_id] for enrollment_id in come})
    if reached:
        batch.record(GoalReached(automation_id=batch.automation_id, step_id=batch.step_id, goal=params.name), reached)
    met = known | found
    if params.without_match == "wait":
        return WaitFor(params.condition, None, met=frozenset(met))
    missed = [contact_id for contact_id in batch.contact_ids if contact_id not in met]
    if missed:
        batch.record(GoalSkipped(automation_id=batch.automation_id, step_id=batch.step_id, goal=params.name), missed)
    return Branch({"met": [contact_id for contact_id in batch.contact_ids if contact_id in met], "not_met": missed})


def exits(params: GoalParams | None) -> Sequence[str]:
    return ("met",) if params is not None and params.without_match == "end" else ("met", "not_met")


def leaps(params: GoalParams) -> Mapping[str, str | None]:
    return {"not_met": None} if params.without_match == "end" else {}


GOAL = Step(
    type=graph.GOAL, label="Goal", group="flow", icon="target", params=GoalParams, run=run, exits=exits, leaps=leaps
)
