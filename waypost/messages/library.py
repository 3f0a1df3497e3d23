"""Blocks kept under a name: saved rows, which are copied in, and snippets, which stay the same everywhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.uses import refuse_while_used
from waypost.media.actions import hold_images
from waypost.messages.actions import check_document
from waypost.messages.errors import SavedRowNameTaken, SavedRowNotFound
from waypost.messages.snippets import refresh_messages

MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class SavedRow:
    id: int
    name: str
    is_synced: bool
    blocks: list[dict[str, Any]]
    created_at: datetime
    updated_at: datetime


_COLUMNS = sql("id, name, is_synced, blocks, created_at, updated_at")


async def list_saved_rows(tx: ReadTx) -> list[SavedRow]:
    """By name; there are few enough to be shown at once."""
    return await tx.all(
        sql(
            """
            select {columns} from messages.saved_row where workspace_id = {workspace}
            order by lower(name), id limit {limit}
            """,
            columns=_COLUMNS,
            limit=MOST_ROWS,
        ),
        SavedRow,
    )


async def get_saved_row(tx: ReadTx, row_id: int) -> SavedRow:
    found = await tx.maybe(
        sql(
            "select {columns} from messages.saved_row where workspace_id = {workspace} and id = {id}",
            columns=_COLUMNS,
            id=row_id,
        ),
        SavedRow,
    )
    if found is None:
        raise SavedRowNotFound(row_id=row_id)
    return found


async def save_row(tx: Tx, *, name: str, blocks: list[dict[str, Any]], is_synced: bool) -> SavedRow:
    _check(tx, blocks)
    await hold_images(tx, blocks)
    plain = name.strip()
    made = await tx.value(
        sql(
            """
            insert into messages.saved_row
                (workspace_id, name, is_synced, blocks, user_id, created_at, updated_at)
            values ({workspace}, {name}, {is_synced}, {blocks}, {user_id}::bigint, {now}, {now})
            on conflict do nothing returning id
            """,
            name=plain,
            is_synced=is_synced,
            blocks=blocks,
            user_id=tx.actor.id if tx.actor.kind in ("user", "api") else None,
        )
    )
    if made is None:
        raise SavedRowNameTaken(name=plain, pointer="/name")
    return await get_saved_row(tx, made)


async def update_saved_row(
    tx: Tx, row_id: int, *, name: str | None = None, blocks: list[dict[str, Any]] | None = None
) -> SavedRow:
    """Another name or other blocks; a snippet changes in every message that holds it."""
    row = await get_saved_row(tx, row_id)
    if blocks is not None:
        _check(tx, blocks)
        await hold_images(tx, blocks)
    plain = (name or row.name).strip()
    taken = await tx.value(
        sql(
            """
            select exists (select 1 from messages.saved_row
                           where workspace_id = {workspace} and lower(name) = lower({name}) and id <> {id})
            """,
            name=plain,
            id=row_id,
        )
    )
    if taken:
        raise SavedRowNameTaken(name=plain, pointer="/name")
    await tx.run(
        sql(
            """
            update messages.saved_row
            set name = {name}, blocks = coalesce({blocks}::jsonb, blocks), updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=row_id,
            name=plain,
            blocks=blocks,
        )
    )
    if row.is_synced and blocks is not None:
        await refresh_messages(tx, row_id, blocks)
    return await get_saved_row(tx, row_id)


async def delete_saved_row(tx: Tx, row_id: int) -> None:
    """Delete it; a snippet only when no message holds it."""
    locked = await tx.value(
        sql("select id from messages.saved_row where workspace_id = {workspace} and id = {id} for update", id=row_id)
    )
    if locked is None:
        raise SavedRowNotFound(row_id=row_id)
    await refuse_while_used(tx, "snippet", row_id)
    await tx.run(sql("delete from messages.saved_row where workspace_id = {workspace} and id = {id}", id=row_id))


def _check(tx: Tx, blocks: list[dict[str, Any]]) -> None:
    """What may stand in a message may be kept, but for snippets, which hold no snippets."""
    if not blocks:
        raise Invalid([Problem("/blocks", "Choose at least one block.", "missing")])
    if any('"snippet_id"' in str(block).replace("'", '"') for block in blocks):
        raise Invalid([Problem("/blocks", "A snippet cannot hold another one.", "nesting")])
    try:
        check_document(tx, {"version": 1, "kind": "email", "blocks": blocks})
    except Invalid as error:
        moved = [Problem(item.pointer.removeprefix("/document"), item.message, item.code) for item in error.problems]
        raise Invalid(moved) from error
