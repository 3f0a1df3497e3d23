"""Writing a published version: its document, the facts that end its waits, its goals and its triggers."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import msgspec

from waypost.automations.graph import GOAL, MANUAL, WAIT_UNTIL, AutomationDocument, compile_program, walk
from waypost.automations.trigger_rows import COLUMNS, row_of
from waypost.automations.types import Automation, Status
from waypost.identity.queries import get_workspace
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.segments.compile import facts_of
from waypost.segments.queries import expand
from waypost.segments.tree import parse_condition


async def write_version(tx: Tx, automation: Automation, document: AutomationDocument, *, note: str = "") -> int:
    """A new version of the automation, which whoever enters from now on takes; returns its id."""
    version_id = await tx.value(
        sql(
            """
            with version as (
                insert into automations.automation_version
                    (workspace_id, automation_id, number, revision, document, first_step, settings, published_by,
                     note, created_at)
                select {workspace}, {automation_id}, coalesce(max(number), 0) + 1, {revision}, {document}::jsonb,
                       {first_step}, {settings}::jsonb, {user_id}::bigint, {note}, {now}
                from automations.automation_version
                where workspace_id = {workspace} and automation_id = {automation_id}
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
            user_id=tx.actor.id if tx.actor.kind == "user" else None,
            note=note,
        )
    )
    await _write_goals(tx, version_id, document)
    await _write_wait_facts(tx, version_id, document)
    return version_id


async def _write_wait_facts(tx: Tx, version_id: int, document: AutomationDocument) -> None:
    """Which facts may end a wait, make somebody meet a goal, or make them leave."""
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


async def write_triggers(
    tx: Tx, automation: Automation, document: AutomationDocument, *, without_gap: bool = False
) -> None:
    """The triggers of the published version. One that was open already stays open without a gap.

    `without_gap` says so of a paused automation too: what happened meanwhile counts.
    """
    known = await tx.all(
        sql(
            """
            delete from automations.trigger where workspace_id = {workspace} and automation_id = {automation_id}
            returning trigger_id, kind, object_id, active_from
            """,
            automation_id=automation.id,
        )
    )
    was_active = without_gap or automation.status == Status.ACTIVE
    open_since = {(row["trigger_id"], row["kind"], row["object_id"]): row["active_from"] for row in known if was_active}
    zone = ZoneInfo((await get_workspace(tx)).time_zone)
    rows = [
        row_of(tx, automation.id, trigger, open_since, zone) for trigger in document.triggers if trigger.type != MANUAL
    ]
    await tx.copy("automations.trigger", COLUMNS, rows)
