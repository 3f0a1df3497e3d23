"""Groups of custom fields, and the order of both."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from waypost.contacts.errors import FieldGroupNotFound, FieldNotFound, NameMissing, NameTaken
from waypost.contacts.queries.fields import get_group, list_fields, list_groups
from waypost.contacts.types import FieldGroup
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx


async def create_group(tx: Tx, *, name: str) -> FieldGroup:
    """A new group behind the others."""
    name = name.strip()
    if not name:
        raise NameMissing(noun="field group", pointer="/name")
    made = await tx.maybe(
        sql(
            """
            insert into contacts.field_group (workspace_id, name, position, created_at, updated_at)
            select {workspace}, {name}, coalesce(max(position), 0) + 1, {now}, {now}
            from contacts.field_group where workspace_id = {workspace}
            on conflict (workspace_id, lower(name)) do nothing
            returning id, name, position, created_at, updated_at
            """,
            name=name,
        ),
        FieldGroup,
    )
    if made is None:
        raise NameTaken(noun="field group", name=name, pointer="/name")
    return made


async def rename_group(tx: Tx, group_id: int, *, name: str) -> FieldGroup:
    if not name.strip():
        raise NameMissing(noun="field group", pointer="/name")
    if any(group.name.lower() == name.strip().lower() and group.id != group_id for group in await list_groups(tx)):
        raise NameTaken(noun="field group", name=name.strip(), pointer="/name")
    try:
        await tx.run(
            sql(
                """
                update contacts.field_group set name = {name}, updated_at = {now}
                where workspace_id = {workspace} and id = {id}
                """,
                name=name.strip(),
                id=group_id,
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(noun="field group", name=name.strip(), pointer="/name") from error
    return await get_group(tx, group_id)


async def delete_group(tx: Tx, group_id: int) -> None:
    """Take the group away; its fields stay, in no group."""
    await get_group(tx, group_id)
    await tx.run(
        sql(
            "update contacts.field set group_id = null where workspace_id = {workspace} and group_id = {id}",
            id=group_id,
        )
    )
    await tx.run(sql("delete from contacts.field_group where workspace_id = {workspace} and id = {id}", id=group_id))


async def order_fields(tx: Tx, group_ids: Sequence[int], fields: Sequence[tuple[int, int | None]]) -> None:
    """Put groups and fields (with the group each stands in) in this order; those not named stay where they are."""
    known = {field.id for field in await list_fields(tx)}
    groups = {group.id for group in await list_groups(tx)}
    for number, (field_id, group_id) in enumerate(fields):
        if field_id not in known:
            raise FieldNotFound(field_id=field_id, pointer=f"/fields/{number}/id")
        if group_id is not None and group_id not in groups:
            raise FieldGroupNotFound(group_id=group_id, pointer=f"/fields/{number}/group_id")
    for number, group_id in enumerate(group_ids):
        if group_id not in groups:
            raise FieldGroupNotFound(group_id=group_id, pointer=f"/group_ids/{number}")
    await tx.run(
        sql(
            """
            update contacts.field f set position = given.place, group_id = given.group_id, updated_at = {now}
            from unnest({ids}::bigint[], {group_ids}::bigint[]) with ordinality as given (id, group_id, place)
            where f.workspace_id = {workspace} and f.id = given.id
              and (f.position, coalesce(f.group_id, 0)) is distinct from (given.place, coalesce(given.group_id, 0))
            """,
            ids=[field_id for field_id, _ in fields],
            group_ids=[group_id for _, group_id in fields],
        )
    )
    await tx.run(
        sql(
            """
            update contacts.field_group g set position = given.place, updated_at = {now}
            from unnest({ids}::bigint[]) with ordinality as given (id, place)
            where g.workspace_id = {workspace} and g.id = given.id and g.position <> given.place
            """,
            ids=list(group_ids),
        )
    )
