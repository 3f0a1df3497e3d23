"""Writing automations: drafts, publishing, starting, pausing, and setting contacts free."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from waypost.activities.types import Audience
from waypost.automations.counters import WHOLE, Counters
from waypost.automations.errors import AutomationNameMissing, AutomationNeverActive, AutomationNotFound, RevisionStale
from waypost.automations.goals import jump_where
from waypost.automations.graph import AutomationDocument, walk
from waypost.automations.pausing import Resumption, let_in_late, pause_runs, resume_runs
from waypost.automations.publishing import write_triggers, write_version
from waypost.automations.queries import get_automation
from waypost.automations.types import Automation, Status
from waypost.automations.validate import validate_document
from waypost.automations.wake import exit_runs
from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.model import parse
from waypost.kernel.sql import TRUE, and_, sql
from waypost.kernel.tx import Tx

USUALLY = Resumption()


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
    automation = await lock_automation(tx, automation_id)
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


async def activate_automation(tx: Tx, automation_id: int, how: Resumption = USUALLY) -> Automation:
    """Publish what was changed and let contacts in and on; contacts inside stay on their version.

    `how` says what becomes of those who came to be due, or would have entered, while it was paused.
    """
    automation = await lock_automation(tx, automation_id)
    document = await check_draft(tx, automation)
    if automation.published_revision != automation.revision:
        await write_version(tx, automation, document)
    if automation.status != Status.ACTIVE or automation.published_revision != automation.revision:
        await write_triggers(tx, automation, document, without_gap=how.lets_in)
    await tx.run(
        sql(
            "update automations.automation set status = 1, updated_at = {now} "
            "where workspace_id = {workspace} and id = {automation_id}",
            automation_id=automation_id,
        )
    )
    if automation.status != Status.ACTIVE:
        await resume_runs(tx, automation_id, automation.paused_at, how)
        if how.lets_in and automation.paused_at is not None:
            await let_in_late(tx, automation_id, automation.paused_at)
        await jump_where(tx, sql("e.automation_id = {automation_id}", automation_id=automation_id))
    tx.wake("automations")
    tx.wake("live")
    return await get_automation(tx, automation_id)


async def pause_automation(tx: Tx, automation_id: int) -> Automation:
    """Nobody enters and nobody moves until it is activated again."""
    automation = await lock_automation(tx, automation_id)
    if automation.status == Status.DRAFT:
        raise AutomationNeverActive(name=automation.name)
    if automation.status == Status.ACTIVE:
        await pause_runs(tx, automation_id)
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
    return await exit_runs(tx, which, reason="by_hand")


async def lock_automation(tx: Tx, automation_id: int) -> Automation:
    """The automation, held against other changes until the transaction ends."""
    found = await tx.value(
        sql(
            """
            select id from automations.automation
            where workspace_id = {workspace} and id = {automation_id} and deleted_at is null for update
            """,
            automation_id=automation_id,
        )
    )
    if found is None:
        raise AutomationNotFound(automation_id=automation_id)
    return await get_automation(tx, automation_id)


async def check_draft(tx: Tx, automation: Automation) -> AutomationDocument:
    """The draft, which can be published as it is; its messages stay until then."""
    document = msgspec.convert(automation.document, AutomationDocument)
    await _hold_messages(tx, document)
    problems = await validate_document(tx, document)
    if problems:
        raise Invalid(
            [Problem(f"/steps/{item.step_id}/{item.field}".rstrip("/"), item.message, item.code) for item in problems],
            "The automation cannot be activated yet.",
        )
    return document


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


def _clean(name: str) -> str:
    if not name.strip():
        raise AutomationNameMissing(pointer="/name")
    return name.strip()
