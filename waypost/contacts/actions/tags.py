"""Tags: making them, giving and taking them."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from waypost.activities.entries import insert_facts
from waypost.activities.types import Audience
from waypost.contacts.counts import TAG, forget_counts, insert_changes
from waypost.contacts.errors import NameMissing, NameTaken, TagMergeInvalid, TagNotFound
from waypost.contacts.facts import TagAdded, TagRemoved
from waypost.contacts.queries.tags import get_tag
from waypost.contacts.types import Tag
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_used


async def create_tag(tx: Tx, *, name: str, description: str = "") -> Tag:
    """A new tag; names are unique without regard to case."""
    name = name.strip()
    if not name:
        raise NameMissing(noun="tag", pointer="/name")
    made = await tx.maybe(
        sql(
            """
            insert into contacts.tag (workspace_id, name, description, created_at)
            values ({workspace}, {name}, {description}, {now})
            on conflict (workspace_id, lower(name)) do nothing
            returning id, name, description, created_at
            """,
            name=name,
            description=description,
        ),
        Tag,
    )
    if made is None:
        raise NameTaken(noun="tag", name=name, pointer="/name")
    return made


async def ensure_tags(tx: Tx, names: Sequence[str]) -> dict[str, int]:
    """The ids of these tags by their name in lower case; what is missing is made."""
    unique = {name.strip().lower(): name.strip() for name in reversed(names) if name.strip()}
    if not unique:
        return {}
    lowered = sorted(unique)
    await tx.run(
        sql(
            """
            insert into contacts.tag (workspace_id, name, created_at)
            select {workspace}, name, {now} from unnest({names}) as name
            on conflict (workspace_id, lower(name)) do nothing
            """,
            names=[unique[key] for key in lowered],
        )
    )
    rows = await tx.all(
        sql(
            """
            select lower(name) as name, id from contacts.tag
            where workspace_id = {workspace} and lower(name) = any({names}) for key share
            """,
            names=lowered,
        )
    )
    return {row["name"]: row["id"] for row in rows}


async def update_tag(tx: Tx, tag_id: int, *, name: str | None = None, description: str | None = None) -> Tag:
    if name is not None and not name.strip():
        raise NameMissing(noun="tag", pointer="/name")
    try:
        await tx.run(
            sql(
                """
                update contacts.tag
                set name = coalesce({name}::text, name), description = coalesce({description}::text, description)
                where workspace_id = {workspace} and id = {id}
                """,
                name=name and name.strip(),
                description=description,
                id=tag_id,
            )
        )
    except asyncpg.UniqueViolationError as error:
        raise NameTaken(noun="tag", name=name, pointer="/name") from error
    return await get_tag(tx, tag_id)


async def delete_tag(tx: Tx, tag_id: int) -> None:
    """Take the tag from everyone, then away; its facts stay in the log."""
    found = await tx.value(
        sql("select id from contacts.tag where workspace_id = {workspace} and id = {id} for update", id=tag_id)
    )
    if found is None:
        raise TagNotFound(tag_id=tag_id)
    await refuse_while_used(tx, "tag", tag_id)
    await tx.run(sql("delete from contacts.contact_tag where workspace_id = {workspace} and tag_id = {id}", id=tag_id))
    await tx.run(sql("delete from contacts.tag where workspace_id = {workspace} and id = {id}", id=tag_id))
    await forget_counts(tx, TAG, tag_id)


async def merge_tags(tx: Tx, tag_id: int, other_ids: Sequence[int]) -> int:
    """Give the tag to everyone who has one of the others, and take the others away; returns how many got it.

    What is built on one of the others must be changed first, else it would silently ask for nobody.
    """
    others = [number for number in dict.fromkeys(other_ids) if number != tag_id]
    if not others:
        raise TagMergeInvalid(pointer="/tag_ids")
    await lock_tag(tx, tag_id)
    who = sql(
        "select contact_id from contacts.contact_tag where workspace_id = {workspace} and tag_id = any({ids}::bigint[])",
        ids=others,
    )
    count = await add_tag(tx, tag_id, who)
    for other_id in sorted(others):
        # lint: no-row-loops because a turn is a tag, not a contact
        await delete_tag(tx, other_id)
    return count


async def add_tag(tx: Tx, tag_id: int, who: Audience) -> int:
    """Give the tag to everyone in the set who lacks it; returns how many that was."""
    await lock_tag(tx, tag_id)
    pairs = sql(
        """
        select c.id as contact_id, {tag_id} as tag_id from contacts.contact c
        where c.workspace_id = {workspace} and c.deleted_at is null
          and c.id in (select contact_id from ({who}) as who)
        """,
        tag_id=tag_id,
        who=who,
    )
    return await link_tags(tx, pairs)


async def lock_tag(tx: Tx, tag_id: int) -> None:
    """Nobody deletes the tag before this transaction ends; stands in for a foreign key, once per set."""
    found = await tx.value(
        sql("select id from contacts.tag where workspace_id = {workspace} and id = {id} for key share", id=tag_id)
    )
    if found is None:
        raise TagNotFound(tag_id=tag_id)


async def link_tags(tx: Tx, pairs: Sql) -> int:
    """Add the (contact_id, tag_id) pairs that are missing, of known contacts and locked tags."""
    count = await tx.value(
        sql(
            """
            with added as (
                insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
                select {workspace}, contact_id, tag_id, {now} from ({pairs}) as pairs order by contact_id, tag_id
                on conflict do nothing
                returning contact_id, tag_id
            ),
            logged as ({log}), counted as ({count})
            select count(*) from added
            """,
            pairs=pairs,
            log=insert_facts(
                tx,
                sql(
                    "select contact_id, {kind} as kind, tag_id as object_id, null::jsonb as data from added",
                    kind=TagAdded.kind,
                ),
            ),
            count=insert_changes(_change(sql("added"), 1)),
        )
    )
    return await _told(tx, count)


async def remove_tag(tx: Tx, tag_id: int, who: Audience) -> int:
    """Take the tag from everyone in the set who has it; returns how many that was."""
    if (
        await tx.value(sql("select id from contacts.tag where workspace_id = {workspace} and id = {id}", id=tag_id))
        is None
    ):
        raise TagNotFound(tag_id=tag_id)
    return await unlink_tags(
        tx, sql("select contact_id, {tag_id} as tag_id from ({who}) as who", tag_id=tag_id, who=who)
    )


async def unlink_tags(tx: Tx, pairs: Sql) -> int:
    """Remove the (contact_id, tag_id) pairs that are there."""
    count = await tx.value(
        sql(
            """
            with removed as (
                delete from contacts.contact_tag t using ({pairs}) as pairs
                where t.workspace_id = {workspace} and t.contact_id = pairs.contact_id and t.tag_id = pairs.tag_id
                returning t.contact_id, t.tag_id
            ),
            logged as ({log}), counted as ({count})
            select count(*) from removed
            """,
            pairs=pairs,
            log=insert_facts(
                tx,
                sql(
                    "select contact_id, {kind} as kind, tag_id as object_id, null::jsonb as data from removed",
                    kind=TagRemoved.kind,
                ),
            ),
            count=insert_changes(_change(sql("removed"), -1)),
        )
    )
    return await _told(tx, count)


def _change(rows: Sql, sign: int) -> Sql:
    return sql(
        "select {kind} as kind, tag_id as object_id, {sign} * count(*) as change from {rows} group by tag_id",
        kind=TAG,
        sign=sign,
        rows=rows,
    )


async def _told(tx: Tx, count: int) -> int:
    if count:
        tx.wake("facts")
    return count
