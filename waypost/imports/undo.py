"""Takes a finished import back: what it made goes, what it changed is as it was, chunk by chunk.

    completed, failed, cancelled ──> undoing ──> undone

Each chunk notes whom it made and how the others were, in its own transaction. Undoing consumes those
notes, some thousands a transaction, the newest first: what is still noted is still to be done, so it may
be killed at any moment. A contact somebody touched since is left alone, with the reason.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from waypost.contacts.actions.reverting import remove_made, restore_previous
from waypost.contacts.places import Part
from waypost.imports.queries import get_import
from waypost.kernel.log import log
from waypost.kernel.sql import Sql, join, sql
from waypost.kernel.tx import ACTOR_KINDS, Actor, Tx
from waypost.kernel.work import Work

AT_ONCE = 5_000


def keep_chunk(import_id: int, number: int, parts: Sequence[Part]) -> Sql:
    """CTEs for `merge_rows` that note what undoing needs."""
    return sql(
        """
        , kept as (
            insert into imports.chunk (workspace_id, import_id, number, at, created_ids)
            select {workspace}, {import_id}, {number}, {now}, coalesce(array_agg(id) filter (where is_new), '{{}}')
            from resolved
        ),
        gained as (
            select contact_id, coalesce(array_agg(tag_id) filter (where tag_id is not null), '{{}}') as tag_ids,
                   coalesce(array_agg(list_id) filter (where list_id is not null), '{{}}') as list_ids
            from (select contact_id, tag_id, null::bigint as list_id from tagged
                  union all select contact_id, null, list_id from listed) as links
            group by contact_id
        ),
        kept_people as (
            insert into imports.previous (workspace_id, import_id, contact_id, number, is_changed, first_name,
                last_name, phone, fields, updated_at, tag_ids, list_ids, place)
            select {workspace}, {import_id}, r.id, {number}, r.is_detail_changed or r.is_field_changed,
                   r.old_first_name, r.old_last_name, r.old_phone, r.old_fields, r.old_updated_at,
                   coalesce(g.tag_ids, '{{}}'), coalesce(g.list_ids, '{{}}'), {place}
            from resolved r left join gained g on g.contact_id = r.id
            where not r.is_new and (r.is_detail_changed or r.is_field_changed or g.contact_id is not null)
        )
        """,
        import_id=import_id,
        number=number,
        place=_place(parts),
    )


def _place(parts: Sequence[Part]) -> Sql:
    """The place as it was, of those whom the merge has changed."""
    if not parts:
        return sql("null::jsonb")
    pairs = join(", ", [Sql(f"'{part}', r.old_{part}") for part in parts])
    return sql("case when r.is_detail_changed then jsonb_build_object({pairs}) end", pairs=pairs)


async def undo_import(work: Work, import_id: int) -> None:
    """Undo it, from where an earlier run was stopped."""
    work = work.acting_as(Actor("import", import_id))
    async with work.read() as read:
        item = await get_import(read, import_id)
    if item.state != "undoing":
        log.info("undoing passed over", import_id=import_id, state=item.state)
        return
    is_more = True
    while is_more:
        async with work.transaction() as tx:
            # lint: no-row-loops because a turn is thousands of contacts
            is_more = await _undo_next(tx, import_id)


async def _undo_next(tx: Tx, import_id: int) -> bool:
    """One transaction's work; False when nothing is left."""
    state = await tx.value(
        sql("select state from imports.import where workspace_id = {workspace} and id = {id} for update", id=import_id)
    )
    if state != "undoing":
        return False
    chunk = await tx.maybe(
        sql(
            """
            select number, at, created_ids[1:{most}] as created_ids from imports.chunk
            where workspace_id = {workspace} and import_id = {id} and undone_at is null
            order by number desc limit 1
            """,
            id=import_id,
            most=sql("{most}::int", most=AT_ONCE),
        )
    )
    if chunk is None:
        await _finish(tx, import_id)
        return False
    if chunk["created_ids"]:
        await _remove(tx, import_id, chunk["number"], chunk["at"], chunk["created_ids"])
    elif not await _restore(tx, import_id, chunk["number"], chunk["at"]):
        await tx.run(
            sql(
                """
                update imports.chunk set undone_at = {now}
                where workspace_id = {workspace} and import_id = {id} and number = {number}
                """,
                id=import_id,
                number=chunk["number"],
            )
        )
    tx.wake("live")
    return True


async def _remove(tx: Tx, import_id: int, number: int, at: datetime, contact_ids: list[int]) -> None:
    """Those whom the chunk made and nobody has touched since go, with everything about them."""
    rows = await tx.all(
        sql(
            """
            select made.id as contact_id, case
                when c.id is null or c.deleted_at is not null then 'deleted'
                when c.updated_at <> {at} or c.created_at <> {at} then 'changed'
                when exists (select 1 from contacts.subscription s where s.workspace_id = {workspace}
                               and s.contact_id = c.id and s.updated_at <> {at}) then 'subscription_changed'
                when exists (select 1 from activities.fact f where f.workspace_id = {workspace}
                               and f.contact_id = c.id and f.kind between 200 and 299) then 'mailed'
                when exists (select 1 from activities.fact f where f.workspace_id = {workspace}
                               and f.contact_id = c.id and f.actor_kind <> {system}
                               and (f.actor_kind <> {imports} or f.actor_id <> {id})) then 'touched' end as reason
            from unnest({ids}::bigint[]) as made (id)
            left join lateral (select * from contacts.contact c where c.workspace_id = {workspace}
                                 and c.id = made.id for update) as c on true
            order by made.id
            """,
            id=import_id,
            at=at,
            ids=contact_ids,
            system=ACTOR_KINDS.index("system"),
            imports=ACTOR_KINDS.index("import"),
        )
    )
    refused = {row["contact_id"]: row["reason"] for row in rows if row["reason"]}
    await remove_made(tx, [one for one in contact_ids if one not in refused])
    await tx.run(
        sql(
            """
            update imports.chunk set created_ids = created_ids[{next}:]
            where workspace_id = {workspace} and import_id = {id} and number = {number}
            """,
            id=import_id,
            number=number,
            next=sql("{next}::int", next=len(contact_ids) + 1),
        )
    )
    await _note(tx, import_id, len(contact_ids) - len(refused), refused)


async def _restore(tx: Tx, import_id: int, number: int, at: datetime) -> int:
    """Those who were there before are as they were; returns how many were looked at."""
    rows = await tx.all(
        sql(
            """
            select p.contact_id, case
                when c.id is null or c.deleted_at is not null then 'deleted'
                when p.is_changed and c.updated_at <> {at} then 'changed'
                when exists (select 1 from contacts.subscription s where s.workspace_id = {workspace}
                               and s.contact_id = c.id and s.list_id = any(p.list_ids) and s.updated_at <> {at})
                    then 'subscription_changed' end as reason
            from (select * from imports.previous p where p.workspace_id = {workspace} and p.import_id = {id}
                    and p.number = {number} order by p.contact_id limit {most}) as p
            left join lateral (select * from contacts.contact c where c.workspace_id = {workspace}
                                 and c.id = p.contact_id for update) as c on true
            order by p.contact_id
            """,
            id=import_id,
            number=number,
            at=at,
            most=AT_ONCE,
        )
    )
    if not rows:
        return 0
    refused = {row["contact_id"]: row["reason"] for row in rows if row["reason"]}
    previous = sql(
        """
        select contact_id, is_changed, first_name, last_name, phone, fields, updated_at, tag_ids, list_ids,
               place, company_ids
        from imports.previous
        where workspace_id = {workspace} and import_id = {id} and contact_id = any({ids}::bigint[])
        """,
        id=import_id,
        ids=[row["contact_id"] for row in rows if not row["reason"]],
    )
    await restore_previous(tx, previous, at=at)
    await tx.run(
        sql(
            """
            delete from imports.previous
            where workspace_id = {workspace} and import_id = {id} and contact_id = any({ids}::bigint[])
            """,
            id=import_id,
            ids=[row["contact_id"] for row in rows],
        )
    )
    await _note(tx, import_id, len(rows) - len(refused), refused)
    return len(rows)


async def _note(tx: Tx, import_id: int, undone: int, refused: dict[int, str]) -> None:
    await tx.run(
        sql(
            """
            update imports.import set undone = undone + {undone}, undo_refused = undo_refused + {refused}
            where workspace_id = {workspace} and id = {id}
            """,
            id=import_id,
            undone=undone,
            refused=len(refused),
        )
    )
    await tx.copy(
        "imports.undo_refusal",
        ("workspace_id", "import_id", "contact_id", "reason", "created_at"),
        [(tx.workspace_id, import_id, contact_id, reason, tx.now) for contact_id, reason in sorted(refused.items())],
    )


async def _finish(tx: Tx, import_id: int) -> None:
    await tx.run(
        sql(
            """
            update imports.import set state = 'undone', finished_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=import_id,
        )
    )
    tx.wake("live")
