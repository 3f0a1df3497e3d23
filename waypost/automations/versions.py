"""Publishing a draft with contacts inside, and the versions there have been."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, ClassVar

import msgspec

from waypost.automations.actions import check_draft, lock_automation, update_automation
from waypost.automations.changes import Change, compare
from waypost.automations.errors import MoveInvalid, NothingToPublish, RevisionStale, VersionNotFound
from waypost.automations.goals import jump_where
from waypost.automations.graph import AutomationDocument, walk
from waypost.automations.publishing import write_triggers, write_version
from waypost.automations.queries import get_automation
from waypost.automations.succession import Move, Occupied, Plan, list_occupied, move_runs
from waypost.automations.types import Automation, Status, Version
from waypost.kernel.registry import Job
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import Work

MAX_NOTE = 500
FOLLOWS_AFTER = timedelta(seconds=30)
"""By then whatever let contacts in by the version before has ended."""
MOST_VERSIONS = 200


async def list_versions(tx: ReadTx, automation_id: int) -> list[Version]:
    """The newest first."""
    await get_automation(tx, automation_id)
    return await tx.all(_versions(automation_id, TRUE), Version)


async def get_version(tx: ReadTx, automation_id: int, number: int) -> Version:
    found = await tx.maybe(_versions(automation_id, sql("v.number = {number}", number=number)), Version)
    if found is None:
        raise VersionNotFound(number=number)
    return found


def _versions(automation_id: int, which: Sql) -> Sql:
    return sql(
        """
        select v.id, v.number, v.revision, v.published_by, coalesce(nullif(u.name, ''), u.email) as published_by_name, v.note, v.created_at,
               v.document, (
                   select count(*) from automations.enrollment as e
                   where e.workspace_id = {workspace} and e.automation_id = {automation_id}
                     and e.version_id = v.id and e.state in (0, 1, 3)
               ) as inside
        from automations.automation_version as v
        left join identity.user_account as u on u.id = v.published_by
        where v.workspace_id = {workspace} and v.automation_id = {automation_id} and {which}
        order by v.number desc limit {most}
        """,
        automation_id=automation_id,
        which=which,
        most=MOST_VERSIONS,
    )


async def list_changes(tx: ReadTx, automation_id: int, *, number: int | None = None) -> list[Change]:
    """What the draft differs in from the published version, or a version from the one before it."""
    automation = await get_automation(tx, automation_id)
    if number is None:
        if automation.version_id is None:
            return compare(AutomationDocument(), _document(automation.document))
        found = await tx.one(_versions(automation_id, sql("v.id = {id}", id=automation.version_id)), Version)
        return compare(_document(found.document), _document(automation.document))
    version = await get_version(tx, automation_id, number)
    before = await tx.maybe(_versions(automation_id, sql("v.number < {number}", number=number)), Version)
    return compare(AutomationDocument() if before is None else _document(before.document), _document(version.document))


async def preview_publication(tx: ReadTx, automation_id: int) -> tuple[list[Change], list[Occupied]]:
    """What would change, and on which steps contacts stand."""
    automation = await get_automation(tx, automation_id)
    changes = await list_changes(tx, automation_id)
    return changes, await list_occupied(tx, automation_id, _document(automation.document))


async def publish_automation(
    tx: Tx,
    automation_id: int,
    *,
    revision: int | None = None,
    note: str = "",
    moves: Sequence[Move] = (),
    waits_count: bool = True,
    moves_inside: bool = True,
) -> tuple[Automation, int]:
    """Make the draft what contacts go by; those inside move with it, or finish on the version they are on.

    Returns the automation and how many contacts moved. Raises RevisionStale, NothingToPublish, MoveInvalid
    and Invalid (with the steps that are not right yet); then nothing has changed.
    """
    automation = await lock_automation(tx, automation_id)
    if revision is not None and revision != automation.revision:
        raise RevisionStale(revision=automation.revision)
    if automation.published_revision == automation.revision:
        raise NothingToPublish
    document = await check_draft(tx, automation)
    plan = _plan(moves, document, waits_count=waits_count)
    version_id = await write_version(tx, automation, document, note=note.strip()[:MAX_NOTE])
    if automation.status == Status.ACTIVE:
        await write_triggers(tx, automation, document)
    moved = 0
    if moves_inside and automation.version_id is not None:
        await _keep_plan(tx, version_id, plan)
        moved = await move_runs(tx, automation_id, plan)
        await jump_where(tx, sql("e.automation_id = {automation_id}", automation_id=automation_id))
        await tx.enqueue(FollowVersion(automation_id=automation_id), run_at=tx.now + FOLLOWS_AFTER)
    await tx.run(
        sql(
            "update automations.automation set updated_at = {now} where workspace_id = {workspace} and id = {id}",
            id=automation_id,
        )
    )
    tx.wake("live")
    return await get_automation(tx, automation_id), moved


async def restore_version(tx: Tx, automation_id: int, number: int, *, revision: int | None = None) -> Automation:
    """Make an old version the draft; publishing it asks where contacts go, as ever."""
    version = await get_version(tx, automation_id, number)
    return await update_automation(tx, automation_id, document=version.document, revision=revision)


def _plan(moves: Sequence[Move], document: AutomationDocument, *, waits_count: bool) -> Plan:
    steps = {step.id for step, _ in walk(document.steps)}
    for number, move in enumerate(moves):
        if move.way == "step" and move.to_step_id not in steps:
            reason = f"There is no step {move.to_step_id} to move contacts to."
            raise MoveInvalid(reason=reason, pointer=f"/moves/{number}/to_step_id")
        if move.way == "stay" and move.step_id not in steps:
            reason = "Contacts cannot stay on a step that is gone."
            raise MoveInvalid(reason=reason, pointer=f"/moves/{number}/way")
    return Plan({move.step_id: move for move in moves}, waits_count)


async def _keep_plan(tx: Tx, version_id: int, plan: Plan) -> None:
    await tx.run(
        sql(
            "update automations.automation_version set moves = {plan}::jsonb "
            "where workspace_id = {workspace} and id = {version_id}",
            plan=msgspec.to_builtins(plan),
            version_id=version_id,
        )
    )


class FollowVersion(Job, frozen=True, kw_only=True):
    """Move whoever entered by the version before while the new one was being published."""

    name: ClassVar[str] = "automations.follow_version"
    automation_id: int

    async def run(self, work: Work) -> None:
        async with work.transaction() as tx:
            await follow_version(tx, self.automation_id)


async def follow_version(tx: Tx, automation_id: int) -> int:
    """Move whoever is on an older version as the published one says; returns how many that were."""
    plan: dict[str, Any] | None = await tx.value(
        sql(
            """
            select v.moves from automations.automation as a
            join automations.automation_version as v on v.workspace_id = {workspace} and v.id = a.version_id
            where a.workspace_id = {workspace} and a.id = {automation_id}
            """,
            automation_id=automation_id,
        )
    )
    return 0 if plan is None else await move_runs(tx, automation_id, msgspec.convert(plan, Plan))


def _document(content: dict[str, Any]) -> AutomationDocument:
    return msgspec.convert(content, AutomationDocument)
