"""Taking many contacts back to what they were: the way back from `staged.merge_rows`.

The facts that an import wrote about people who stay remain in the log, followed by those of taking them
back; people who were only made by it go with everything about them.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from waypost.activities.entries import insert_facts
from waypost.contacts.actions.members import unlink_members
from waypost.contacts.counts import LIST, TAG, insert_changes
from waypost.contacts.facts import ContactUpdated, FieldChanged, ListUnsubscribed, TagRemoved
from waypost.contacts.field_index import flagged, index_ctes
from waypost.contacts.queries.fields import list_fields
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


async def remove_made(tx: Tx, contact_ids: Sequence[int]) -> None:
    """Remove contacts as if they had never been; the caller has made sure that nobody knows them."""
    if not contact_ids:
        return
    pairs = sql(
        "select contact_id, null::bigint as survivor_id from unnest({ids}::bigint[]) as gone (contact_id)",
        ids=list(contact_ids),
    )
    personal = list(reversed(tx.registry.personal))
    for item in personal:
        if item.settle is not None:
            # lint: no-row-loops because a turn is a table
            await item.settle(tx, pairs)
    for item in personal:
        # lint: no-row-loops because a turn is a table
        await tx.run(
            sql(
                "delete from {table} t where t.workspace_id = {workspace} and t.{column} = any({ids}::bigint[])",
                table=Sql(item.table),
                column=Sql(item.column),
                ids=list(contact_ids),
            )
        )


async def restore_previous(tx: Tx, previous: Sql, *, at: datetime) -> None:
    """Give contacts their old values, and take the links they gained at that instant, with facts and counts.

    `previous` yields contact_id, is_changed, the old first_name, last_name, phone, fields, updated_at and place
    (null: as it is), and the gained tag_ids, list_ids and company_ids.
    """
    joined = sql(
        """
        select m.contact_id, m.company_id from ({previous}) as p
        join contacts.company_member m on m.workspace_id = {workspace} and m.contact_id = p.contact_id
          and m.company_id = any(p.company_ids) and m.created_at = {at}
        """,
        previous=previous,
        at=at,
    )
    await unlink_members(tx, joined, is_remembered=False)
    indexed = flagged(await list_fields(tx))
    await tx.run(
        sql(
            """
            with previous as materialized ({previous}),
            before as materialized (
                select p.*, c.fields as new_fields,
                       p.place is not null
                           or (c.first_name, c.last_name, c.phone) <> (p.first_name, p.last_name, p.phone) as is_detail_changed
                from previous p join contacts.contact c on c.workspace_id = {workspace} and c.id = p.contact_id
                where p.is_changed
            ),
            changed as (
                update contacts.contact c set first_name = b.first_name, last_name = b.last_name, phone = b.phone,
                    fields = b.fields, updated_at = b.updated_at,
                    time_zone = coalesce(b.place ->> 'time_zone', c.time_zone),
                    language = coalesce(b.place ->> 'language', c.language),
                    country = coalesce(b.place ->> 'country', c.country),
                    region = coalesce(b.place ->> 'region', c.region),
                    city = coalesce(b.place ->> 'city', c.city),
                    postal_code = coalesce(b.place ->> 'postal_code', c.postal_code)
                from (select * from before order by contact_id) as b
                where c.workspace_id = {workspace} and c.id = b.contact_id
            ),
            untagged as (
                delete from contacts.contact_tag t using previous p
                where t.workspace_id = {workspace} and t.contact_id = p.contact_id and t.tag_id = any(p.tag_ids)
                  and t.created_at = {at}
                returning t.contact_id, t.tag_id
            ),
            unlisted as (
                delete from contacts.subscription s using previous p
                where s.workspace_id = {workspace} and s.contact_id = p.contact_id and s.list_id = any(p.list_ids)
                  and s.created_at = {at}
                returning s.contact_id, s.list_id, s.status
            ),
            forgotten as (
                delete from contacts.consent n using previous p
                where n.workspace_id = {workspace} and n.contact_id = p.contact_id and n.list_id = any(p.list_ids)
                  and n.created_at = {at}
            ),
            logged as ({log}), counted as ({count}) {index}
            select 1
            """,
            previous=previous,
            at=at,
            log=insert_facts(tx, _facts()),
            count=insert_changes(_counts()),
            index=index_ctes(indexed, sql("select contact_id, fields from before")),
        )
    )
    tx.wake("facts")


def _facts() -> Sql:
    return sql(
        """
        select contact_id, kind, object_id, data from (
            select 1 as place, contact_id, {updated} as kind, null::bigint as object_id, null::jsonb as data
            from before where is_detail_changed
            union all
            select 2, contact_id, {changed}, key::bigint,
                   jsonb_strip_nulls(jsonb_build_object('old', new_fields -> key, 'new', fields -> key))
            from before cross join lateral jsonb_object_keys(fields || new_fields) as key
            where fields -> key is distinct from new_fields -> key
            union all
            select 3, contact_id, {unlisted}, list_id, null from unlisted where status = 1
            union all
            select 4, contact_id, {untagged}, tag_id, null from untagged
        ) as changes
        order by contact_id, place, object_id
        """,
        updated=ContactUpdated.kind,
        changed=FieldChanged.kind,
        unlisted=ListUnsubscribed.kind,
        untagged=TagRemoved.kind,
    )


def _counts() -> Sql:
    return sql(
        """
        select {tag} as kind, tag_id as object_id, -count(*) as change from untagged group by tag_id
        union all
        select {list}, list_id, -count(*) from unlisted where status = 1 group by list_id
        """,
        tag=TAG,
        list=LIST,
    )
