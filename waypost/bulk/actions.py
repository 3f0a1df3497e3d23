"""A bulk edit's life: queued -> running -> completed, cancelled or failed; then perhaps undoing -> undone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from waypost.bulk.changes import CHANGES
from waypost.bulk.errors import StateWrong
from waypost.bulk.queries import COLUMNS, get_edit, take_part
from waypost.bulk.types import Edit
from waypost.kernel.model import parse
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.segments.selection import Selection, check_selection, describe_selection, select_contacts

PART = 2_000
TO_DO, DONE, UNDONE = 0, 1, 2


async def create_edit(tx: Tx, selection: Selection, *, action: str, params: Mapping[str, Any]) -> Edit:
    """Note what is wanted, after checking that it can be done; the caller enqueues the work."""
    change = CHANGES[action]
    given = parse(dict(params), change.params, pointer="/params")
    await change.check(tx, given)
    await check_selection(tx, selection, pointer="/selection")
    return await tx.one(
        sql(
            """
            insert into bulk.edit (workspace_id, name, action, params, selection, state, user_id, created_at)
            values ({workspace}, {name}, {action}, {params}, {selection}, 'queued', {user_id}::bigint, {now})
            returning {columns}
            """,
            name=await describe_selection(tx, selection),
            action=action,
            params=msgspec.to_builtins(given),
            selection=msgspec.to_builtins(selection),
            user_id=tx.actor.id if tx.actor.kind == "user" else None,
            columns=COLUMNS,
        ),
        Edit,
    )


async def _lock(tx: Tx, edit_id: int) -> Edit:
    await tx.run(sql("select 1 from bulk.edit where workspace_id = {workspace} and id = {id} for update", id=edit_id))
    return await get_edit(tx, edit_id)


async def begin_edit(tx: Tx, edit_id: int) -> None:
    """Fix who is meant, once."""
    edit = await _lock(tx, edit_id)
    if edit.state != "queued":
        return
    who = await select_contacts(tx, msgspec.convert(edit.selection, Selection))
    await tx.run(
        sql(
            """
            with people as (
                select contact_id, (row_number() over (order by contact_id) - 1) / {size} as number
                from ({who}) as who
            ),
            parts as (
                insert into bulk.part (workspace_id, edit_id, number, contact_ids, state)
                select {workspace}, {id}, number, array_agg(contact_id order by contact_id), 0
                from people group by number order by number
                returning cardinality(contact_ids) as size
            )
            update bulk.edit set state = 'running', total = (select coalesce(sum(size), 0) from parts)::bigint
            where workspace_id = {workspace} and id = {id}
            """,
            who=who,
            id=edit_id,
            size=PART,
        )
    )
    tx.wake("live")


async def make_part(tx: Tx, edit_id: int) -> bool:
    """Change the next part; False when none is left, which completes the edit, or when it was stopped."""
    edit = await _lock(tx, edit_id)
    if edit.state != "running":
        return False
    part = await take_part(tx, edit_id, TO_DO)
    if part is None:
        await _move(tx, edit_id, "completed")
        return False
    change = CHANGES[edit.action]
    changed, before = await change.make(tx, msgspec.convert(edit.params, change.params), part.contact_ids)
    await tx.run(
        sql(
            """
            update bulk.part set state = {done}, before = {before}::jsonb, changed_at = {now}
            where workspace_id = {workspace} and edit_id = {id} and number = {number}
            """,
            id=edit_id,
            number=part.number,
            done=DONE,
            before=msgspec.json.encode(before).decode(),
        )
    )
    await tx.run(
        sql(
            """
            update bulk.edit set done = done + {count}, changed = changed + {changed}
            where workspace_id = {workspace} and id = {id}
            """,
            id=edit_id,
            count=len(part.contact_ids),
            changed=changed,
        )
    )
    tx.wake("live")
    return True


async def undo_part(tx: Tx, edit_id: int) -> bool:
    """Take the next part back; False when none is left."""
    edit = await _lock(tx, edit_id)
    if edit.state != "undoing":
        return False
    part = await take_part(tx, edit_id, DONE)
    if part is None:
        await _move(tx, edit_id, "undone")
        return False
    change = CHANGES[edit.action]
    undone = 0
    if part.before and part.changed_at is not None:
        given = msgspec.convert(edit.params, change.params)
        undone = await change.undo(tx, given, part.before, part.changed_at)
    await tx.run(
        sql(
            """
            update bulk.part set state = {undone}, before = null
            where workspace_id = {workspace} and edit_id = {id} and number = {number}
            """,
            id=edit_id,
            number=part.number,
            undone=UNDONE,
        )
    )
    await tx.run(
        sql(
            "update bulk.edit set undone = undone + {count} where workspace_id = {workspace} and id = {id}",
            id=edit_id,
            count=undone,
        )
    )
    tx.wake("live")
    return True


async def _move(tx: Tx, edit_id: int, state: str) -> None:
    """To an end. What was changed and could not be taken back is counted as kept."""
    await tx.run(
        sql(
            """
            update bulk.edit set state = {state}, finished_at = {now},
                kept = case when {state} = 'undone' then greatest(changed - undone, 0) else 0 end
            where workspace_id = {workspace} and id = {id}
            """,
            id=edit_id,
            state=state,
        )
    )
    tx.wake("live")


async def cancel_edit(tx: Tx, edit_id: int) -> Edit:
    """Stop after the part at hand; what is done stays and can be undone."""
    edit = await _lock(tx, edit_id)
    if edit.state not in ("queued", "running"):
        raise StateWrong(state=edit.state, action="cancelled")
    await _move(tx, edit_id, "cancelled")
    return await get_edit(tx, edit_id)


async def begin_undo(tx: Tx, edit_id: int) -> Edit:
    """Take it all back; the caller enqueues the work."""
    edit = await _lock(tx, edit_id)
    if edit.state not in ("completed", "cancelled", "failed"):
        raise StateWrong(state=edit.state, action="undone")
    await tx.run(
        sql(
            """
            update bulk.edit set state = 'undoing', finished_at = null
            where workspace_id = {workspace} and id = {id}
            """,
            id=edit_id,
        )
    )
    return await get_edit(tx, edit_id)


async def fail_edit(tx: Tx, edit_id: int, error: str) -> None:
    """End it with a sentence for the person who wanted it."""
    await tx.run(
        sql(
            """
            update bulk.edit set state = 'failed', error = {error}, finished_at = {now}
            where workspace_id = {workspace} and id = {id} and state in ('queued', 'running', 'undoing')
            """,
            id=edit_id,
            error=error,
        )
    )
    tx.wake("live")
