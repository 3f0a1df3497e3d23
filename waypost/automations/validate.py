"""What keeps a document from being published, step by step; drafts may have as many gaps as they like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import msgspec

from waypost.automations.graph import (
    MANUAL,
    WAIT_UNTIL,
    AutomationDocument,
    StepDocument,
    TriggerDocument,
    exit_names,
    walk,
)
from waypost.automations.types import StepProblem
from waypost.delivery.errors import SenderMissing
from waypost.delivery.queries import list_senderless
from waypost.kernel.errors import Failure
from waypost.kernel.model import problem_of
from waypost.kernel.registry import Registry
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.queries import expand
from waypost.segments.resolve import resolve_leaves
from waypost.segments.tree import check_condition, leaves
from waypost.segments.types import Node

MAX_STEPS = 500
MAX_DEPTH = 20
MAX_ID = 64

Reference = tuple[str, str, str, int]
"""Which step, which field, what it names ("tag_id") and the id."""

REFERENCES: dict[str, tuple[str, Sql]] = {
    "tag_id": ("tag", sql("select id from contacts.tag where workspace_id = {workspace}")),
    "list_id": ("list", sql("select id from contacts.list where workspace_id = {workspace}")),
    "field_id": ("field", sql("select id from contacts.field where workspace_id = {workspace}")),
    "message_id": ("message", sql("select id from messages.message where workspace_id = {workspace}")),
    "segment_id": ("segment", sql("select id from segments.segment where workspace_id = {workspace}")),
    "automation_id": ("automation", sql("select id from automations.automation where workspace_id = {workspace}")),
    "company_id": ("company", sql("select id from contacts.company where workspace_id = {workspace}")),
    "schema_id": (
        "schema",
        sql("select id from objects.schema where workspace_id = {workspace} and deleted_at is null"),
    ),
}
"""Settings that name a row of the workspace: how to call it, and what there is."""


async def validate_document(tx: ReadTx, document: AutomationDocument) -> list[StepProblem]:
    """Every problem; an empty list means that it can be published."""
    problems = list(_check_shape(document))
    references: list[Reference] = []
    nodes: list[tuple[str, Node]] = []
    for trigger in document.triggers:
        problems += _check_trigger(tx.registry, trigger, references)
    for step, _ in walk(document.steps):
        problems += _check_step(tx.registry, step, references, nodes)
    problems += await _check_references(tx, references)
    if not problems:
        problems += await _check_segments(tx, nodes)
    if not problems:
        problems += await _check_senders(tx, document)
    return problems


def _check_shape(document: AutomationDocument) -> Iterator[StepProblem]:
    steps = list(walk(document.steps))
    if not steps:
        yield StepProblem("", "Add at least one step.")
    if len(steps) > MAX_STEPS:
        yield StepProblem("", f"An automation may have at most {MAX_STEPS} steps.")
    if any(depth > MAX_DEPTH for _, depth in steps):
        yield StepProblem("", f"Arms may be nested at most {MAX_DEPTH} deep.")
    ids = Counter([step.id for step, _ in steps] + [trigger.id for trigger in document.triggers])
    for item_id, count in ids.items():
        if count > 1:
            yield StepProblem(item_id, f"The id {item_id} is used {count} times.", "id")
        if not item_id or len(item_id) > MAX_ID or not item_id.replace("-", "").replace("_", "").isalnum():
            yield StepProblem(item_id, f"An id is 1 to {MAX_ID} letters, digits, - and _.", "id")
    yield from _check_ends(document.steps)


def _check_ends(steps: list[StepDocument]) -> Iterator[StepProblem]:
    for place, step in enumerate(steps):
        if step.type == "end" and place + 1 < len(steps):
            yield StepProblem(steps[place + 1].id, "Nobody reaches this step: it follows an end.")
        for arm in step.arms.values():
            yield from _check_ends(arm)


def _check_trigger(registry: Registry, trigger: TriggerDocument, references: list[Reference]) -> Iterator[StepProblem]:
    if trigger.type == MANUAL:
        return
    fact = registry.facts.get(trigger.type)
    if fact is None or not fact.is_trigger:
        yield StepProblem(trigger.id, f"There is no trigger called {trigger.type}.", "type")
        return
    for name, value in trigger.params.items():
        if name != fact.object:
            yield StepProblem(trigger.id, f"The trigger has no setting called {name}.", name)
        elif value is not None and (not isinstance(value, int) or isinstance(value, bool)):
            yield StepProblem(trigger.id, f"{name} must be a whole number.", name)
        elif value is not None and name in REFERENCES:
            references.append((trigger.id, name, name, value))


def _check_step(
    registry: Registry, item: StepDocument, references: list[Reference], nodes: list[tuple[str, Node]]
) -> Iterator[StepProblem]:
    step = registry.steps.get(item.type)
    if step is None:
        yield StepProblem(item.id, f"There is no step called {item.type}.", "type")
        return
    try:
        params = msgspec.convert(item.params, step.params)
    except msgspec.ValidationError as error:
        problem = problem_of(error)
        yield StepProblem(item.id, problem.message, problem.pointer.strip("/"))
        return
    for name in item.arms.keys() - set(exit_names(step, params)):
        yield StepProblem(item.id, f"The step has no way out called {name}.", f"arms/{name}")
    yield from _check_params(item, references)
    condition = item.params.get("condition")
    if condition is None:
        return
    node, found = check_condition(registry, condition, pointer="condition")
    for problem in found:
        yield StepProblem(item.id, problem.message, problem.pointer)
    if node is not None:
        nodes.append((item.id, node))
        if not list(leaves(node)):
            yield StepProblem(item.id, "Choose at least one condition.", "condition")
        for leaf in leaves(node):
            references += _references_in(item.id, "condition", msgspec.structs.asdict(leaf.params))


def _check_params(item: StepDocument, references: list[Reference]) -> Iterator[StepProblem]:
    references += _references_in(item.id, "", item.params)
    if item.type == WAIT_UNTIL and (item.params.get("timeout_amount") is None) != (
        item.params.get("timeout_unit") is None
    ):
        yield StepProblem(item.id, "A time-out needs an amount and a unit.", "timeout_amount")


def _references_in(item_id: str, field: str, params: dict[str, Any]) -> list[Reference]:
    return [
        (item_id, field or name, name, value)
        for name, value in params.items()
        if name in REFERENCES and isinstance(value, int)
    ]


async def _check_references(tx: ReadTx, references: list[Reference]) -> list[StepProblem]:
    """One statement for each kind of thing that is named."""
    problems: list[StepProblem] = []
    for name in sorted({reference[2] for reference in references}):
        noun, rows = REFERENCES[name]
        wanted = sorted({reference[3] for reference in references if reference[2] == name})
        found = await tx.all(  # lint: no-row-loops because it runs once for each kind of reference
            sql("{rows} and id = any({wanted}::bigint[])", rows=rows, wanted=wanted)
        )
        missing = set(wanted) - {row["id"] for row in found}
        problems += [
            StepProblem(item_id, f"The {noun} {value} does not exist any more.", field)
            for item_id, field, key, value in references
            if key == name and value in missing
        ]
    return problems


async def _check_segments(tx: ReadTx, nodes: list[tuple[str, Node]]) -> list[StepProblem]:
    """Values that do not fit what they are compared with; segments in a ring, or that name what is gone."""
    problems: list[StepProblem] = []
    for item_id, node in nodes:
        _, unfit = await resolve_leaves(tx, node)  # lint: no-row-loops because a step's leaves are asked at once
        problems += [StepProblem(item_id, problem.message, "condition", problem.code) for problem in unfit]
        try:
            await expand(tx, node)  # lint: no-row-loops because most conditions name no segment and ask nothing
        except Failure as failure:
            problems.append(StepProblem(item_id, failure.detail, "condition"))
    return problems


async def _check_senders(tx: ReadTx, document: AutomationDocument) -> list[StepProblem]:
    """Messages that would have nobody to come from."""
    sent = [
        (step.id, step.params["message_id"])
        for step, _ in walk(document.steps)
        if tx.registry.steps[step.type].group == "send" and "message_id" in step.params
    ]
    without = set(await list_senderless(tx, [message_id for _, message_id in sent]))
    return [
        StepProblem(step_id, SenderMissing.template, "message_id", SenderMissing.code)
        for step_id, message_id in sent
        if message_id in without
    ]
