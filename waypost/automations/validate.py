"""What keeps a document from being published, step by step; drafts may have as many gaps as they like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from waypost.automations.graph import (
    WAIT_UNTIL,
    AutomationDocument,
    StepDocument,
    exit_names,
    walk,
)
from waypost.automations.triggers import check_trigger
from waypost.automations.types import StepProblem
from waypost.automations.validate_parts import REFERENCES, Reference, check_ways, conditions_in, references_in
from waypost.delivery.errors import SenderMissing
from waypost.delivery.queries import list_senderless
from waypost.kernel.errors import Failure
from waypost.kernel.model import problem_of
from waypost.kernel.registry import Registry
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.messages.check import list_broken
from waypost.messages.errors import TemplateBroken
from waypost.segments.queries import expand
from waypost.segments.resolve import resolve_leaves
from waypost.segments.tree import check_condition, leaves
from waypost.segments.types import Node

MAX_STEPS = 500
MAX_DEPTH = 20
MAX_ID = 64


async def validate_document(tx: ReadTx, document: AutomationDocument) -> list[StepProblem]:
    """Every problem; an empty list means that it can be published."""
    problems = list(check_shape(document))
    references: list[Reference] = []
    nodes: list[tuple[str, str, Node]] = []
    for trigger in document.triggers:
        problems += check_trigger(tx.registry, trigger, references)
        problems += _check_conditions(tx.registry, trigger.id, conditions_in(trigger), references, nodes)
    problems += _check_conditions(tx.registry, "", conditions_in(document.settings), references, nodes)
    for step, _ in walk(document.steps):
        problems += _check_step(tx.registry, step, references, nodes)
    problems += await _check_references(tx, references)
    if not problems:
        problems += check_ways(tx.registry, document)
    if not problems:
        problems += await _check_segments(tx, nodes)
    if not problems:
        problems += await _check_messages(tx, document)
        problems += await _check_senders(tx, document)
    return problems


def check_shape(document: AutomationDocument) -> Iterator[StepProblem]:
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


def _check_step(
    registry: Registry, item: StepDocument, references: list[Reference], nodes: list[tuple[str, str, Node]]
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
    yield from _check_conditions(registry, item.id, conditions_in(params), references, nodes)


def _check_conditions(
    registry: Registry,
    item_id: str,
    conditions: list[tuple[str, object]],
    references: list[Reference],
    nodes: list[tuple[str, str, Node]],
) -> Iterator[StepProblem]:
    for pointer, condition in conditions:
        node, found = check_condition(registry, condition, pointer=pointer)
        for problem in found:
            yield StepProblem(item_id, problem.message, problem.pointer)
        if node is None:
            continue
        nodes.append((item_id, pointer, node))
        if not list(leaves(node)):
            yield StepProblem(item_id, "Choose at least one condition.", pointer)
        for leaf in leaves(node):
            references += references_in(item_id, pointer, msgspec.structs.asdict(leaf.params))


def _check_params(item: StepDocument, references: list[Reference]) -> Iterator[StepProblem]:
    references += references_in(item.id, "", item.params)
    given = item.params.get
    if item.type == WAIT_UNTIL and given("timeout_amount") is not None and given("timeout_unit") is None:
        yield StepProblem(item.id, "A time-out needs a unit.", "timeout_unit")


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


async def _check_segments(tx: ReadTx, nodes: list[tuple[str, str, Node]]) -> list[StepProblem]:
    """Values that do not fit what they are compared with; segments in a ring, or that name what is gone."""
    problems: list[StepProblem] = []
    for item_id, pointer, node in nodes:
        _, unfit = await resolve_leaves(tx, node)  # lint: no-row-loops because a step's leaves are asked at once
        problems += [StepProblem(item_id, problem.message, pointer, problem.code) for problem in unfit]
        try:
            await expand(tx, node)  # lint: no-row-loops because most conditions name no segment and ask nothing
        except Failure as failure:
            problems.append(StepProblem(item_id, failure.detail, pointer))
    return problems


async def _check_messages(tx: ReadTx, document: AutomationDocument) -> list[StepProblem]:
    """Messages with tags that cannot be read, or conditions that do not pair up."""
    sent = _sent(tx, document)
    broken = await list_broken(tx, [message_id for _, message_id in sent])
    return [
        StepProblem(step_id, broken[message_id], "message_id", TemplateBroken.code)
        for step_id, message_id in sent
        if message_id in broken
    ]


def _sent(tx: ReadTx, document: AutomationDocument) -> list[tuple[str, int]]:
    """The steps that send a message, with the message."""
    return [
        (step.id, step.params["message_id"])
        for step, _ in walk(document.steps)
        if tx.registry.steps[step.type].group == "send" and "message_id" in step.params
    ]


async def _check_senders(tx: ReadTx, document: AutomationDocument) -> list[StepProblem]:
    """Messages that would have nobody to come from."""
    sent = _sent(tx, document)
    without = set(await list_senderless(tx, [message_id for _, message_id in sent]))
    return [
        StepProblem(step_id, SenderMissing.template, "message_id", SenderMissing.code)
        for step_id, message_id in sent
        if message_id in without
    ]
