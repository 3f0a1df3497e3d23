"""Saved looks at the contacts list: a name, a condition, columns and an order; one's own or for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.segments.errors import ViewNameMissing, ViewNotFound, ViewNotYours
from waypost.segments.expand import check_references

COLUMNS = sql("id, name, columns, sort, search, condition, owner_id, is_shared, created_at, updated_at")


@dataclass(frozen=True, slots=True)
class View:
    """A saved look; without a condition it shows everyone."""

    id: int
    name: str
    columns: Sequence[str]
    sort: str
    search: str
    condition: dict[str, Any] | None
    owner_id: int
    is_shared: bool
    created_at: datetime
    updated_at: datetime


async def list_views(tx: ReadTx) -> list[View]:
    """One's own and the shared ones, by name."""
    return await tx.all(_views(sql("(owner_id = {user_id} or is_shared)", user_id=_user(tx))), View)


async def get_view(tx: ReadTx, view_id: int) -> View:
    """One that this user may see."""
    mine = sql("id = {id} and (owner_id = {user_id} or is_shared)", id=view_id, user_id=_user(tx))
    found = await tx.maybe(_views(mine), View)
    if found is None:
        raise ViewNotFound(view_id=view_id)
    return found


def _views(which: Sql) -> Sql:
    return sql(
        """
        select {columns} from segments.contact_view where workspace_id = {workspace} and {which} order by lower(name), id
        """,
        columns=COLUMNS,
        which=which,
    )


async def create_view(
    tx: Tx,
    *,
    name: str,
    columns: Sequence[str],
    sort: str,
    search: str = "",
    condition: dict[str, Any] | None = None,
    is_shared: bool = False,
) -> View:
    if condition is not None:
        await check_references(tx, condition, pointer="/condition")
    return await tx.one(
        sql(
            """
            insert into segments.contact_view
                (workspace_id, name, columns, sort, search, condition, owner_id, is_shared, created_at, updated_at)
            values ({workspace}, {name}, {shown}::text[], {sort}, {search}, {condition}::jsonb, {user_id}, {is_shared},
                    {now}, {now})
            returning {columns}
            """,
            name=_clean(name),
            shown=list(columns),
            sort=sort,
            search=search,
            condition=condition,
            user_id=_user(tx),
            is_shared=is_shared,
            columns=COLUMNS,
        ),
        View,
    )


async def update_view(tx: Tx, view: View) -> View:
    """Write the view as it is given; only its owner may."""
    await _check_owner(tx, view.id)
    if view.condition is not None:
        await check_references(tx, view.condition, pointer="/condition")
    return await tx.one(
        sql(
            """
            update segments.contact_view
            set name = {name}, columns = {shown}::text[], sort = {sort}, search = {search},
                condition = {condition}::jsonb, is_shared = {is_shared}, updated_at = {now}
            where workspace_id = {workspace} and id = {id} returning {columns}
            """,
            name=_clean(view.name),
            shown=list(view.columns),
            sort=view.sort,
            search=view.search,
            condition=view.condition,
            is_shared=view.is_shared,
            id=view.id,
            columns=COLUMNS,
        ),
        View,
    )


async def delete_view(tx: Tx, view_id: int) -> None:
    await _check_owner(tx, view_id)
    await tx.run(sql("delete from segments.contact_view where workspace_id = {workspace} and id = {id}", id=view_id))


async def _check_owner(tx: Tx, view_id: int) -> None:
    view = await get_view(tx, view_id)
    if view.owner_id != _user(tx):
        raise ViewNotYours(name=view.name)


def _user(tx: ReadTx) -> int:
    return tx.actor.id or 0


def _clean(name: str) -> str:
    if not name.strip():
        raise ViewNameMissing(pointer="/name")
    return name.strip()
