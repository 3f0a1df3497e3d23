"""Parts of the look at a document: what it names, the conditions in it, and the ways through it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, cast

import msgspec

from waypost.automations.graph import GO_TO, AutomationDocument, Program, StepDocument, compile_program, walk
from waypost.automations.types import StepProblem
from waypost.kernel.registry import Registry
from waypost.kernel.sql import Sql, sql

Reference = tuple[str, str, str, int]
"""Which step, which field, what it names ("tag_id") and the id."""

WAITING = {"wait_until", "wait_for_time", "wait_for_date", "throttle", "webhook"}

REFERENCES: dict[str, tuple[str, Sql]] = {
    "tag_id": ("tag", sql("select id from contacts.tag where workspace_id = {workspace}")),
    "list_id": ("list", sql("select id from contacts.list where workspace_id = {workspace}")),
    "field_id": ("field", sql("select id from contacts.field where workspace_id = {workspace}")),
    "message_id": ("message", sql("select id from messages.message where workspace_id = {workspace}")),
    "segment_id": ("segment", sql("select id from segments.segment where workspace_id = {workspace}")),
    "automation_id": (
        "automation",
        sql("select id from automations.automation where workspace_id = {workspace} and deleted_at is null"),
    ),
    "company_id": ("company", sql("select id from contacts.company where workspace_id = {workspace}")),
    "pipeline_id": ("pipeline", sql("select id from deals.pipeline where workspace_id = {workspace}")),
    "stage_id": ("stage", sql("select id from deals.stage where workspace_id = {workspace}")),
    "from_stage_id": ("stage", sql("select id from deals.stage where workspace_id = {workspace}")),
    "score_id": (
        "score",
        sql("select id from scores.score where workspace_id = {workspace} and deleted_at is null"),
    ),
    "deal_field_id": ("deal field", sql("select id from deals.field where workspace_id = {workspace}")),
    "schema_id": (
        "schema",
        sql("select id from objects.schema where workspace_id = {workspace} and deleted_at is null"),
    ),
}
"""Settings that name a row of the workspace: how to call it, and what there is."""


def references_in(item_id: str, field: str, params: Mapping[str, Any]) -> list[Reference]:
    """What the settings name."""
    return [
        (item_id, field or name, name, value)
        for name, value in params.items()
        if name in REFERENCES and isinstance(value, int)
    ]


def conditions_in(params: msgspec.Struct, pointer: str = "") -> list[tuple[str, object]]:
    """The conditions in settings, with their places: what is called so, also within paths."""
    found: list[tuple[str, object]] = []
    for name in params.__struct_fields__:
        value: object = getattr(params, name)
        if value is not None and (name == "condition" or name.endswith("_condition")):
            found.append((f"{pointer}{name}", value))
        elif isinstance(value, list):
            for place, item in enumerate(cast("list[object]", value)):
                if isinstance(item, msgspec.Struct):
                    found += conditions_in(item, f"{pointer}{name}/{place}/")
    return found


def check_ways(registry: Registry, document: AutomationDocument) -> Iterator[StepProblem]:
    """Steps that nobody reaches, jumps to nowhere, and loops in which nobody ever waits."""
    ids = {step.id for step, _ in walk(document.steps)}
    dangling = [step for step, _ in walk(document.steps) if step.type == GO_TO and step.params["target"] not in ids]
    for step in dangling:
        yield StepProblem(step.id, f"There is no step {step.params['target']} to go to.", "target")
    if dangling:
        return
    program = compile_program(registry, document)
    reached = _reach(program, {0})
    for node in program.nodes:
        if node.number not in reached:
            yield StepProblem(node.step_id, "Nobody reaches this step.")
            break
    by_id: dict[str, StepDocument] = {step.id: step for step, _ in walk(document.steps)}
    resting = {node.number for node in program.nodes if _rests(by_id[node.step_id])}
    for node in program.nodes:
        if by_id[node.step_id].type != GO_TO:
            continue
        start = program.numbers[by_id[node.step_id].params["target"]]
        if start == node.number or node.number in _reach(program, {start} - resting, without=resting):
            yield StepProblem(node.step_id, "Contacts would go round for ever: the loop needs a wait.", "target")


def _reach(program: Program, start: set[int], *, without: set[int] | None = None) -> set[int]:
    """Every node that can be reached, not going through `without`."""
    found, fresh = set(start), list(start)
    while fresh:
        node = program.nodes[fresh.pop()]
        more = {target for target in node.ways if target >= 0} - found - (without or set())
        found |= more
        fresh += more
    return found


def _rests(step: StepDocument) -> bool:
    """Whether contacts may spend time there."""
    if step.type == "wait":
        return bool(step.params.get("amount"))
    if step.type == "goal":
        return step.params.get("without_match", "wait") == "wait"
    return step.type in WAITING
