"""The trash: deleting takes contacts out of every set, restoring puts them back as they were.

    living --delete--> trash --restore--> living
                         '--after 30 days, or at once--> erased (erasing.py)

Tags and subscriptions wait in contacts.trash meanwhile, so that every set elsewhere is one of living contacts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import asyncpg

from waypost.activities.entries import insert_facts
from waypost.activities.types import Audience
from waypost.contacts.counts import CONTACTS, LIST, TAG, insert_changes
from waypost.contacts.errors import EmailTaken
from waypost.contacts.facts import ContactDeleted, ContactRestored
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import Tx

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Restored:
    """Who came back, and whose address somebody else has by now."""

    contact_ids: Sequence[int]
    conflicts: Sequence[tuple[int, EmailTaken]]


async def delete_contacts(tx: Tx, who: Audience) -> int:
    """Move everyone in the set to the trash, with their tags and subscriptions; returns how many there were."""
    count = await tx.value(
        sql(
            """
            with gone as (
                update contacts.contact c set deleted_at = {now}, updated_at = {now}
                from (
                    select id from contacts.contact
                    where workspace_id = {workspace} and deleted_at is null
                      and id in (select contact_id from ({who}) as who)
                    order by id for update
                ) as chosen
                where c.workspace_id = {workspace} and c.id = chosen.id
                returning c.id
            ),
            untagged as (
                delete from contacts.contact_tag t using gone
                where t.workspace_id = {workspace} and t.contact_id = gone.id
                returning t.contact_id, t.tag_id, t.created_at
            ),
            unlisted as (
                delete from contacts.subscription s using gone
                where s.workspace_id = {workspace} and s.contact_id = gone.id
                returning s.*
            ),
            kept as (
                insert into contacts.trash
                    (workspace_id, contact_id, deleted_at, erase_at, actor_kind, actor_id, tags, lists)
                select {workspace}, gone.id, {now}, {erase_at}, {actor_kind}, {actor_id}::bigint,
                       coalesce(tags.items, '[]'), coalesce(lists.items, '[]')
                from gone
                left join (select contact_id, jsonb_agg(jsonb_build_object('tag_id', tag_id, 'created_at', created_at))
                                  as items from untagged group by contact_id) as tags on tags.contact_id = gone.id
                left join (select contact_id, jsonb_agg(to_jsonb(unlisted) - 'workspace_id' - 'contact_id')
                                  as items from unlisted group by contact_id) as lists on lists.contact_id = gone.id
                order by gone.id
            ),
            logged as ({log}), counted as ({count})
            select count(*) from gone
            """,
            who=who,
            erase_at=tx.now + KEPT,
            actor_kind=tx.actor.number,
            actor_id=tx.actor.id,
            log=insert_facts(tx, _facts(ContactDeleted.kind, sql("gone"))),
            count=insert_changes(_change(sql("gone"), sql("untagged"), sql("unlisted"), sign=-1)),
        )
    )
    if count:
        tx.wake("facts")
    return count


def _facts(kind: int, rows: Sql) -> Sql:
    """One fact says it all: that tags and subscriptions went or came too is no news of its own."""
    return sql(
        "select id as contact_id, {kind} as kind, null::bigint as object_id, null::jsonb as data from {rows}",
        kind=kind,
        rows=rows,
    )


def _change(people: Sql, tags: Sql, lists: Sql, *, sign: int) -> Sql:
    return sql(
        """
        select {contacts} as kind, 0 as object_id, {sign} * count(*) as change from {people}
        union all select {tag}, tag_id, {sign} * count(*) from {tags} group by tag_id
        union all select {list}, list_id, {sign} * count(*) from {lists} where status = 1 group by list_id
        """,
        contacts=CONTACTS,
        tag=TAG,
        list=LIST,
        people=people,
        tags=tags,
        lists=lists,
        sign=sign,
    )


async def erase_soon(tx: Tx, contact_ids: Sequence[int] | None) -> int:
    """The time of these in the trash (of everyone, if None) is over; returns how many."""
    which = TRUE if contact_ids is None else sql("contact_id = any({ids}::bigint[])", ids=list(contact_ids))
    return await tx.run(
        sql(
            "update contacts.trash set erase_at = {now} where workspace_id = {workspace} and erase_at > {now} and {which}",
            which=which,
        )
    )


async def restore_contacts(tx: Tx, who: Audience) -> Restored:
    """Bring back from the trash who can come back; of two with one address the later deleted one does.

    Tags and lists that were deleted meanwhile stay away.
    """
    try:
        async with tx.conn.transaction():
            rows = await tx.all(_restore(tx, who))
    except asyncpg.UniqueViolationError:  # Somebody took the address between our look and our write.
        rows = await tx.all(_restore(tx, who))
    back = sorted(row["id"] for row in rows if row["is_back"])
    if back:
        tx.wake("facts")
    conflicts = [(row["id"], EmailTaken(email=row["email"])) for row in rows if not row["is_back"]]
    return Restored(back, sorted(conflicts, key=lambda item: item[0]))


def _restore(tx: Tx, who: Audience) -> Sql:
    return sql(
        """
        with chosen as materialized (
            select c.id, c.email, t.tags, t.lists, t.deleted_at from contacts.contact c
            join contacts.trash t on t.workspace_id = c.workspace_id and t.contact_id = c.id
            where c.workspace_id = {workspace} and c.deleted_at is not null and t.erase_at > {now}
              and c.id in (select contact_id from ({who}) as who)
            order by c.id for update
        ),
        judged as materialized (
            select placed.*, place = 1 and not exists (
                select 1 from contacts.contact o
                where o.workspace_id = {workspace} and o.email = placed.email and o.deleted_at is null) as is_free
            from (select *, row_number() over (partition by coalesce(email, id::text)
                                               order by deleted_at desc, id desc) as place from chosen) as placed
        ),
        free as materialized (select id, tags, lists from judged where is_free),
        back as (
            update contacts.contact c set deleted_at = null, updated_at = {now}
            from free where c.workspace_id = {workspace} and c.id = free.id returning c.id
        ),
        emptied as (
            delete from contacts.trash t using free where t.workspace_id = {workspace} and t.contact_id = free.id
        ),
        tagged as (
            insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
            select {workspace}, free.id, tag.id, item.created_at
            from free, jsonb_to_recordset(free.tags) as item (tag_id bigint, created_at timestamptz)
            join contacts.tag on tag.workspace_id = {workspace} and tag.id = item.tag_id
            order by free.id, tag.id
            on conflict do nothing returning contact_id, tag_id
        ),
        listed as (
            insert into contacts.subscription (workspace_id, contact_id, list_id, status, source, subscribed_at,
                unsubscribed_at, created_at, updated_at)
            select {workspace}, free.id, list.id, item.status, item.source, item.subscribed_at,
                   item.unsubscribed_at, item.created_at, item.updated_at
            from free, jsonb_to_recordset(free.lists) as item (list_id bigint, status smallint, source text,
                subscribed_at timestamptz, unsubscribed_at timestamptz, created_at timestamptz, updated_at timestamptz)
            join contacts.list on list.workspace_id = {workspace} and list.id = item.list_id
            order by free.id, list.id
            on conflict do nothing returning contact_id, list_id, status
        ),
        logged as ({log}), counted as ({count})
        select id, email, is_free as is_back from judged
        """,
        who=who,
        log=insert_facts(tx, _facts(ContactRestored.kind, sql("back"))),
        count=insert_changes(_change(sql("back"), sql("tagged"), sql("listed"), sign=1)),
    )
