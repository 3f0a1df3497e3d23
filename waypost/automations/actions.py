"""Writing automations: drafts, publishing, starting, pausing, and setting contacts free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from waypost.activities.types import Audience
from waypost.automations.counters import WHOLE, Counters
from waypost.automations.errors import AutomationNameMissing, AutomationNeverActive, AutomationNotFound, RevisionStale
from waypost.automations.graph import GOAL, MANUAL, WAIT_UNTIL, AutomationDocument, compile_program, walk
from waypost.automations.queries import get_automation
from waypost.automations.trigger_rows import COLUMNS, row_of
from waypost.automations.types import Automation, Status
from waypost.automations.validate import validate_document
from waypost.automations.wake import exit_runs
from waypost.identity.queries import get_workspace
from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.model import parse
from waypost.kernel.sql import TRUE, and_, sql
from waypost.kernel.tx import Tx
from waypost.segments.compile import facts_of
from waypost.segments.queries import expand
from waypost.segments.tree import parse_condition


async def create_automation(tx: Tx, *, name: str, document: dict[str, Any] | None = None) -> Automation:
    """A draft; the document may have gaps, but must have the right shape."""
    parsed = parse(document or {}, AutomationDocument, pointer="/document")
    automation_id = await tx.value(
        sql(
            """
            insert into automations.automation
                (workspace_id, name, status, document, revision, created_at, updated_at)
            values ({workspace}, {name}, 0::smallint, {document}, 1, {now}, {now})
            returning id
            """,
            name=_clean(name),
            document=msgspec.to_builtins(parsed),
        )
    )
    return await get_automation(tx, automation_id)


async def update_automation(
    tx: Tx,
    automation_id: int,
    *,
    name: str | None = None,
    document: dict[str, Any] | None = None,
    revision: int | None = None,
) -> Automation:
    """Save the draft; contacts see nothing of it before it is activated. `revision` is what the caller had."""
    automation = await _lock(tx, automation_id)
    if revision is not None and revision != automation.revision:
        raise RevisionStale(revision=automation.revision)
    content = automation.document
    if document is not None:
        content = msgspec.to_builtins(parse(document, AutomationDocument, pointer="/document"))
    await tx.run(
        sql(
            """
            update automations.automation
            set name = {name}, document = {document}, revision = {revision}, updated_at = {now}
            where workspace_id = {workspace} and id = {automation_id}
            """,
            automation_id=automation_id,
            name=automation.name if name is None else _clean(name),
            document=content,
            revision=automation.revision + (content != automation.document),
        )
    )
    return await get_automation(tx, automation_id)


async def delete_automation(tx: Tx, automation_id: int) -> None:
    """Delete it with its versions, runs and paths; the facts stay in the log."""
    await _lock(tx, automation_id)
    await tx.run(
        sql(
            """
            delete from automations.path as p using automations.enrollment as e
            where p.workspace_id = {workspace} and e.workspace_id = {workspace}
              and e.id = p.enrollment_id and e.automation_id = {automation_id}
            """,
            automation_id=automation_id,
        )
    )
    await tx.run(
        sql(
            "delete from automations.automation where workspace_id = {workspace} and id = {automation_id}",
            automation_id=automation_id,
        )
    )


async def activate_automation(tx: Tx, automation_id: int) -> Automation:
    """Publish what was changed and let contacts in and on; contacts inside stay on their version."""
    automation = await _lock(tx, automation_id)
    document = msgspec.convert(automation.document, AutomationDocument)
    await _hold_messages(tx, document)
    problems = await validate_document(tx, document)
    if problems:
        raise Invalid(
            [Problem(f"/steps/{item.step_id}/{item.field}".rstrip("/"), item.message, item.code) for item in problems],
            "The automation cannot be activated yet.",
        )
    if automation.published_revision != automation.revision:
        await _publish(tx, automation, document)
    if automation.status != Status.ACTIVE or automation.published_revision != automation.revision:
        await _write_triggers(tx, automation, document)
    await tx.run(
        sql(
            "update automations.automation set status = 1, updated_at = {now} "
            "where workspace_id = {workspace} and id = {automation_id}",
            automation_id=automation_id,
        )
    )
    await tx.run(
        sql(
            """
            update automations.enrollment set due_at = {now}
            where workspace_id = {workspace} and automation_id = {automation_id} and state in (0, 1) and due_at is null
            """,
            automation_id=automation_id,
        )
    )
    tx.wake("automations")
    tx.wake("live")
    return await get_automation(tx, automation_id)


async def pause_automation(tx: Tx, automation_id: int) -> Automation:
    """Nobody enters and nobody moves until it is activated again."""
    automation = await _lock(tx, automation_id)
    if automation.status == Status.DRAFT:
        raise AutomationNeverActive(name=automation.name)
    await tx.run(
        sql(
            "update automations.automation set status = 2, updated_at = {now} "
            "where workspace_id = {workspace} and id = {automation_id}",
            automation_id=automation_id,
        )
    )
    tx.wake("live")
    return await get_automation(tx, automation_id)


async def retry_parked(
    tx: Tx, automation_id: int, *, step_id: str | None = None, contact_ids: Sequence[int] | None = None
) -> int:
    """Let the parked try their step again; returns how many."""
    return await _free(tx, automation_id, step_id, contact_ids, skips=False)


async def skip_parked(
    tx: Tx, automation_id: int, *, step_id: str | None = None, contact_ids: Sequence[int] | None = None
) -> int:
    """Let the parked go on with the step after theirs; returns how many."""
    return await _free(tx, automation_id, step_id, contact_ids, skips=True)


async def _free(
    tx: Tx, automation_id: int, step_id: str | None, contact_ids: Sequence[int] | None, *, skips: bool
) -> int:
    await get_automation(tx, automation_id)
    wanted = [
        TRUE if step_id is None else sql("step_id = {step_id}", step_id=step_id),
        TRUE if contact_ids is None else sql("contact_id = any({ids}::bigint[])", ids=list(contact_ids)),
    ]
    freed = await tx.all(
        sql(
            """
            with freed as (
                update automations.enrollment set state = 0, is_served = {skips}, due_at = {now}, error = null
                where workspace_id = {workspace} and automation_id = {automation_id} and state = 3 and {wanted}
                returning step_id
            )
            select step_id, count(*) as count from freed group by step_id
            """,
            automation_id=automation_id,
            skips=skips,
            wanted=and_(*wanted),
        )
    )
    counters = Counters()
    total = sum(row["count"] for row in freed)
    for row in freed:
        counters.add(automation_id, row["step_id"], parked=-row["count"])
    counters.add(automation_id, WHOLE, parked=-total)
    tx.wake("automations")
    tx.wake("live")
    await counters.write(tx)
    return total


async def remove_contacts(tx: Tx, automation_id: int, who: Audience) -> int:
    """Take the set out of the automation; returns how many were inside."""
    await get_automation(tx, automation_id)
    which = sql(
        "e.automation_id = {automation_id} and e.contact_id in (select who.contact_id from ({who}) as who)",
        automation_id=automation_id,
        who=who,
    )
    return await exit_runs(tx, which)


async def _lock(tx: Tx, automation_id: int) -> Automation:
    """The automation, held against other changes until the transaction ends."""
    found = await tx.value(
        sql(
            "select id from automations.automation where workspace_id = {workspace} and id = {automation_id} for update",
            automation_id=automation_id,
        )
    )
    if found is None:
        raise AutomationNotFound(automation_id=automation_id)
    return await get_automation(tx, automation_id)


async def _hold_messages(tx: Tx, document: AutomationDocument) -> None:
    """Nobody deletes a message between the look at it and the start of what sends it."""
    named = {step.params.get("message_id") for step, _ in walk(document.steps)}
    await tx.all(
        sql(
            """
            select id from messages.message where workspace_id = {workspace} and id = any({ids}::bigint[])
            order by id for key share
            """,
            ids=sorted(item for item in named if type(item) is int),
        )
    )


async def _publish(tx: Tx, automation: Automation, document: AutomationDocument) -> None:
    """A new version with the facts that end its waits."""
    version_id = await tx.value(
        sql(
            """
            with version as (
                insert into automations.automation_version
                    (workspace_id, automation_id, revision, document, first_step, settings, created_at)
                values ({workspace}, {automation_id}, {revision}, {document}, {first_step}, {settings}, {now})
                returning id
            )
            update automations.automation as a set version_id = version.id, published_revision = {revision}
            from version where a.workspace_id = {workspace} and a.id = {automation_id}
            returning a.version_id
            """,
            automation_id=automation.id,
            revision=automation.revision,
            document=automation.document,
            first_step=document.steps[0].id,
            settings=msgspec.to_builtins(document.settings) or None,
        )
    )
    await _write_goals(tx, version_id, document)
    conditions = [
        (step.id, step.params["condition"]) for step, _ in walk(document.steps) if step.type in (WAIT_UNTIL, GOAL)
    ]
    if document.settings.exit_condition is not None:
        conditions.append(("", document.settings.exit_condition))
    rows: list[tuple[object, ...]] = []
    for step_id, condition in conditions:
        # lint: no-row-loops because most conditions name no segment and ask nothing
        node = await expand(tx, parse_condition(tx.registry, condition))
        rows += [
            (tx.workspace_id, version_id, step_id, number, fact.kind, object_id, tx.now)
            for number, (fact, object_id) in enumerate(facts_of(node))
        ]
    for node in compile_program(tx.registry, document).nodes:
        wakes = [] if node.step is None or node.step.wakes is None else node.step.wakes(node.params)
        rows += [
            (tx.workspace_id, version_id, node.step_id, number, fact.kind, object_id, tx.now)
            for number, (fact, object_id) in enumerate(wakes)
        ]
    columns = ("workspace_id", "version_id", "step_id", "number", "kind", "object_id", "created_at")
    await tx.copy("automations.wait_fact", columns, rows)
    await tx.run(
        sql(
            """
            insert into automations.goal_fact (workspace_id, version_id, step_id, number, kind, object_id)
            select w.workspace_id, w.version_id, w.step_id, w.number, w.kind, w.object_id
            from automations.wait_fact w join automations.goal g
              on g.workspace_id = w.workspace_id and g.version_id = w.version_id and g.step_id = w.step_id
            where w.workspace_id = {workspace} and w.version_id = {version_id}
            """,
            version_id=version_id,
        )
    )


async def _write_goals(tx: Tx, version_id: int, document: AutomationDocument) -> None:
    """Where contacts may jump to, and from where."""
    rows = [
        (tx.workspace_id, version_id, goal.step_id, goal.number, goal.condition, sorted(goal.from_steps), tx.now)
        for goal in compile_program(tx.registry, document).goals
    ]
    columns = ("workspace_id", "version_id", "step_id", "number", "condition", "from_steps", "created_at")
    await tx.copy("automations.goal", columns, rows)


async def _write_triggers(tx: Tx, automation: Automation, document: AutomationDocument) -> None:
    """The triggers of the published version. A trigger that was already open stays open without a gap."""
    known = await tx.all(
        sql(
            """
            delete from automations.trigger where workspace_id = {workspace} and automation_id = {automation_id}
            returning trigger_id, kind, object_id, active_from
            """,
            automation_id=automation.id,
        )
    )
    was_active = automation.status == Status.ACTIVE
    open_since = {(row["trigger_id"], row["kind"], row["object_id"]): row["active_from"] for row in known if was_active}
    zone = ZoneInfo((await get_workspace(tx)).time_zone)
    rows = [
        row_of(tx, automation.id, trigger, open_since, zone) for trigger in document.triggers if trigger.type != MANUAL
    ]
    await tx.copy("automations.trigger", COLUMNS, rows)


def _clean(name: str) -> str:
    if not name.strip():
        raise AutomationNameMissing(pointer="/name")
    return name.strip()
