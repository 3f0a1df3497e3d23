"""How things stood before a change, and whether they still stand as it left them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from waypost.kernel.sql import TRUE, sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a contact stands with a list."""

    contact_id: int
    list_id: int
    status: int


async def list_alive(tx: ReadTx, contact_ids: Sequence[int]) -> list[int]:
    rows = await tx.all(
        sql(
            """
            select id from contacts.contact
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and deleted_at is null order by id
            """,
            ids=list(contact_ids),
        )
    )
    return [row["id"] for row in rows]


async def list_tagged(
    tx: ReadTx, tag_id: int, contact_ids: Sequence[int], *, since: datetime | None = None
) -> list[int]:
    """Those who have the tag; with `since`, only who got it at just that instant."""
    rows = await tx.all(
        sql(
            """
            select contact_id from contacts.contact_tag
            where workspace_id = {workspace} and tag_id = {tag_id} and contact_id = any({ids}::bigint[]) and {then}
            order by contact_id
            """,
            tag_id=tag_id,
            ids=list(contact_ids),
            then=TRUE if since is None else sql("created_at = {since}", since=since),
        )
    )
    return [row["contact_id"] for row in rows]


async def list_untagged(tx: ReadTx, tag_id: int, contact_ids: Sequence[int]) -> list[int]:
    had = set(await list_tagged(tx, tag_id, contact_ids))
    return [contact_id for contact_id in await list_alive(tx, contact_ids) if contact_id not in had]


async def list_statuses(
    tx: ReadTx, list_id: int | None, contact_ids: Sequence[int], *, since: datetime | None = None
) -> list[Standing]:
    """Statuses on the list (on all, if None); with `since`, only those set at just that instant."""
    return await tx.all(
        sql(
            """
            select contact_id, list_id, status::bigint as status from contacts.subscription
            where workspace_id = {workspace} and contact_id = any({ids}::bigint[]) and {on} and {then}
            order by contact_id, list_id
            """,
            ids=list(contact_ids),
            on=TRUE if list_id is None else sql("list_id = {list_id}", list_id=list_id),
            then=TRUE if since is None else sql("updated_at = {since}", since=since),
        ),
        Standing,
    )


async def keep_untouched(
    tx: ReadTx, before: Sequence[Sequence[int | None]], at: datetime
) -> list[tuple[int, int, int | None]]:
    """Of rows (contact, list, old status, given status) those that stand as given since then."""
    rows = await tx.all(
        sql(
            """
            select given.contact_id, given.list_id, given.old
            from unnest({people}::bigint[], {lists}::bigint[], {old}::bigint[], {new}::bigint[])
              as given (contact_id, list_id, old, new)
            join contacts.subscription s
              on s.workspace_id = {workspace} and s.contact_id = given.contact_id and s.list_id = given.list_id
            where s.status = given.new and s.updated_at = {at}
            order by given.contact_id, given.list_id
            """,
            people=[row[0] for row in before],
            lists=[row[1] for row in before],
            old=[row[2] for row in before],
            new=[row[3] for row in before],
            at=at,
        )
    )
    return [(row["contact_id"], row["list_id"], row["old"]) for row in rows]


async def list_values(tx: ReadTx, field_id: int, contact_ids: Sequence[int]) -> list[tuple[int, Any]]:
    """The stored value of the field for each living contact; None where there is none."""
    rows = await tx.all(
        sql(
            """
            select id, fields -> {key} as value from contacts.contact
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and deleted_at is null order by id
            """,
            key=str(field_id),
            ids=list(contact_ids),
        )
    )
    return [(row["id"], row["value"]) for row in rows]


async def list_owners(tx: ReadTx, contact_ids: Sequence[int]) -> list[tuple[int, int | None]]:
    rows = await tx.all(
        sql(
            """
            select id, owner_id from contacts.contact
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and deleted_at is null order by id
            """,
            ids=list(contact_ids),
        )
    )
    return [(row["id"], row["owner_id"]) for row in rows]


async def list_entered(tx: ReadTx, automation_id: int, contact_ids: Sequence[int], at: datetime) -> list[int]:
    """Those who entered the automation at just that instant and are still inside."""
    rows = await tx.all(
        sql(
            """
            select contact_id from automations.enrollment
            where workspace_id = {workspace} and automation_id = {automation_id}
              and contact_id = any({ids}::bigint[]) and entered_at = {at} and state in (0, 1, 3)
            order by contact_id
            """,
            automation_id=automation_id,
            ids=list(contact_ids),
            at=at,
        )
    )
    return [row["contact_id"] for row in rows]
