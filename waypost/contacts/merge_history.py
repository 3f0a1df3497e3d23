"""What merges made of whom, and the way back: the contact that went is there again under its old id.

Values that the survivor took from it go back, and tags it gained by it. The timeline, notes, files and
messages stay with the survivor, and so do its lists, since who unsubscribed once stays unsubscribed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from waypost.activities.actions import record
from waypost.contacts.actions.subscriptions import link_lists
from waypost.contacts.actions.tags import link_tags, unlink_tags
from waypost.contacts.audience import these
from waypost.contacts.counts import CONTACTS, insert_changes
from waypost.contacts.duplicates import compare_contacts, dismiss_pair
from waypost.contacts.errors import EmailTaken, MergeGone
from waypost.contacts.facts import ContactRestored
from waypost.contacts.field_index import refresh_index
from waypost.contacts.types import Status
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx, Tx


@dataclass(frozen=True, slots=True)
class MergeNote:
    """One merge; `gone` and `kept` are the two contacts as they were."""

    id: int
    contact_id: int
    old_id: int
    is_automatic: bool
    gone: dict[str, Any]
    kept: dict[str, Any]
    created_at: datetime
    undone_at: datetime | None


_COLUMNS = sql("id, contact_id, old_id, is_automatic, gone, kept, created_at, undone_at")
_AS_IT_WAS = """
    to_jsonb(c) - 'workspace_id' || jsonb_build_object(
        'tags', coalesce((select jsonb_agg(t.tag_id order by t.tag_id) from contacts.contact_tag t
                          where t.workspace_id = c.workspace_id and t.contact_id = c.id), '[]'),
        'lists', coalesce((select jsonb_agg(jsonb_build_array(s.list_id, s.status) order by s.list_id)
                           from contacts.subscription s
                           where s.workspace_id = c.workspace_id and s.contact_id = c.id), '[]'))
    """


async def note_merge(tx: Tx, kept_id: int, gone_id: int, *, is_automatic: bool) -> None:
    """Before the two become one."""
    await tx.run(
        sql(
            """
            insert into contacts.merge_note (workspace_id, contact_id, old_id, is_automatic, gone, kept, created_at)
            select {workspace}, {kept_id}, {gone_id}, {is_automatic},
                   (select {state} from contacts.contact c where c.workspace_id = {workspace} and c.id = {gone_id}),
                   (select {state} from contacts.contact c where c.workspace_id = {workspace} and c.id = {kept_id}),
                   {now}
            """,
            kept_id=kept_id,
            gone_id=gone_id,
            is_automatic=is_automatic,
            state=Sql(_AS_IT_WAS),
        )
    )


async def list_merges(tx: ReadTx, *, limit: int = 50, after: str | None = None) -> Page[MergeNote]:
    """The newest first."""
    behind = TRUE if after is None else sql("id < {last}", last=decode_cursor(after, int)[0])
    rows = await tx.all(
        sql(
            """
            select {columns} from contacts.merge_note where workspace_id = {workspace} and {behind}
            order by id desc limit {limit}
            """,
            columns=_COLUMNS,
            behind=behind,
            limit=limit + 1,
        ),
        MergeNote,
    )
    return page_of(rows, limit, lambda row: row.id)


async def undo_merge(tx: Tx, note_id: int) -> int:
    """Make two of one again; returns the id of the contact that is back."""
    note = await tx.maybe(
        sql(
            """
            select {columns} from contacts.merge_note
            where workspace_id = {workspace} and id = {id} and undone_at is null for update
            """,
            columns=_COLUMNS,
            id=note_id,
        ),
        MergeNote,
    )
    if note is None or not await _split(tx, note):
        raise MergeGone(merge_id=note_id)
    await refresh_index(tx, these([note.contact_id, note.old_id]))
    await _return_links(tx, note)
    await tx.run(
        sql("delete from contacts.merged where workspace_id = {workspace} and old_id = {old_id}", old_id=note.old_id)
    )
    await tx.run(
        sql(
            "update contacts.merge_note set undone_at = {now} where workspace_id = {workspace} and id = {id}",
            id=note_id,
        )
    )
    await record(tx, ContactRestored(), these([note.contact_id, note.old_id]))
    await compare_contacts(tx, [note.old_id])
    await dismiss_pair(tx, note.contact_id, note.old_id, is_dismissed=True)
    return note.old_id


async def _split(tx: Tx, note: MergeNote) -> bool:
    """The survivor gives back what it took; the other one is made anew. False when the survivor is gone."""
    now = await tx.value(
        sql(
            """
            select to_jsonb(c) from contacts.contact c
            where c.workspace_id = {workspace} and c.id = {id} and c.deleted_at is null for update
            """,
            id=note.contact_id,
        )
    )
    if now is None:
        return False
    back = given_back(now, note)
    gone = {**note.gone, "updated_at": tx.now.isoformat()}
    if gone["email"] and await _is_taken(tx, gone["email"], note.contact_id if back["email"] != gone["email"] else 0):
        raise EmailTaken(email=gone["email"])
    await tx.run(
        sql(
            """
            update contacts.contact c set email = r.email, first_name = r.first_name, last_name = r.last_name,
                phone = r.phone, owner_id = r.owner_id, time_zone = r.time_zone, language = r.language,
                country = r.country, region = r.region, city = r.city, postal_code = r.postal_code,
                fields = r.fields, updated_at = {now}
            from jsonb_populate_record(null::contacts.contact, {back}::jsonb) as r
            where c.workspace_id = {workspace} and c.id = {id}
            """,
            back=orjson.dumps(back).decode(),
            id=note.contact_id,
        )
    )
    await tx.run(
        sql(
            """
            with made as (
                insert into contacts.contact (workspace_id, id, email, first_name, last_name, phone, owner_id, time_zone,
                    language, country, region, city, postal_code, fields, created_at, updated_at)
                select {workspace}, r.id, r.email, r.first_name, r.last_name, r.phone, r.owner_id, r.time_zone,
                       r.language, r.country, r.region, r.city, r.postal_code, r.fields, r.created_at, r.updated_at
                from jsonb_populate_record(null::contacts.contact, {gone}::jsonb) as r
                returning id
            ),
            counted as ({count})
            select 1
            """,
            gone=orjson.dumps(gone).decode(),
            count=insert_changes(
                sql("select {kind} as kind, 0::bigint as object_id, count(*) as change from made", kind=CONTACTS)
            ),
        )
    )
    return True


def given_back(now: Mapping[str, Any], note: MergeNote) -> dict[str, Any]:
    """The survivor without what it took from the other; what was changed since stays."""
    back = {
        name: note.kept.get(name) if value == note.gone.get(name) and value != note.kept.get(name) else value
        for name, value in now.items()
    }
    theirs, own = note.gone["fields"], note.kept["fields"]
    fields = {
        key: own.get(key) if value == theirs.get(key) and value != own.get(key) else value
        for key, value in now["fields"].items()
    }
    return {**back, "fields": {key: value for key, value in fields.items() if value is not None}}


async def _is_taken(tx: Tx, email: str, but: int) -> bool:
    return await tx.value(
        sql(
            """
            select exists (select 1 from contacts.contact where workspace_id = {workspace} and email = {email}
                             and deleted_at is null and id <> {but})
            """,
            email=email,
            but=but,
        )
    )


async def _return_links(tx: Tx, note: MergeNote) -> None:
    """Tags and lists that are still there."""
    gained = sorted(set(note.gone["tags"]) - set(note.kept["tags"]))
    await unlink_tags(tx, _pairs(note.contact_id, "tag", gained))
    await link_tags(tx, _pairs(note.old_id, "tag", note.gone["tags"]))
    for status in Status:
        lists = [list_id for list_id, number in note.gone["lists"] if number == status]
        # lint: no-row-loops because a turn is one of four states
        await link_lists(tx, _pairs(note.old_id, "list", lists), status=status, source="merge undone", is_forced=True)


def _pairs(contact_id: int, noun: str, ids: list[int]) -> Sql:
    return sql(
        """
        select {contact_id}::bigint as contact_id, o.id as {column} from {table} o
        where o.workspace_id = {workspace} and o.id = any({ids}::bigint[])
        """,
        contact_id=contact_id,
        column=Sql(f"{noun}_id"),
        table=Sql(f"contacts.{noun}"),
        ids=ids,
    )
