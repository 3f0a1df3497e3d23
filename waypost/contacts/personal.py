"""What becomes of the rows of contacts in this domain when contacts are merged or erased.

Each settling statement takes the pairs (contact_id, survivor_id), survivor_id being null at erasing.
"""

from __future__ import annotations

from waypost.contacts.counts import CONTACTS, LIST, TAG, insert_changes
from waypost.kernel.registry import Personal
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

STRONGEST = sql("array_position(array[2, 3, 1, 0]::smallint[], status)")
"""Of two states on one list the more cautious one stays: unsubscribed, bounced, active, unconfirmed."""


async def settle_people(tx: Tx, pairs: Sql) -> None:
    """Those who are still counted no longer are."""
    await tx.run(
        insert_changes(
            sql(
                """
                select {kind} as kind, 0 as object_id, -count(*) as change from contacts.contact c
                join ({pairs}) as pairs on pairs.contact_id = c.id
                where c.workspace_id = {workspace} and c.deleted_at is null
                """,
                kind=CONTACTS,
                pairs=pairs,
            )
        )
    )


async def settle_tags(tx: Tx, pairs: Sql) -> None:
    """The survivor has every tag of both."""
    await tx.run(
        sql(
            """
            with pairs as materialized ({pairs}),
            gone as (
                delete from contacts.contact_tag t using pairs
                where t.workspace_id = {workspace} and t.contact_id = pairs.contact_id
                returning pairs.survivor_id, t.tag_id, t.created_at
            ),
            come as (
                insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
                select {workspace}, survivor_id, tag_id, min(created_at) from gone where survivor_id is not null
                group by survivor_id, tag_id order by survivor_id, tag_id
                on conflict do nothing returning tag_id
            ),
            counted as ({count})
            select 1
            """,
            pairs=pairs,
            count=insert_changes(
                sql(
                    """
                    select {kind} as kind, tag_id as object_id, sum(n) as change
                    from (select tag_id, -1 as n from gone union all select tag_id, 1 from come) as moves
                    group by tag_id
                    """,
                    kind=TAG,
                )
            ),
        )
    )


async def settle_lists(tx: Tx, pairs: Sql) -> None:
    """The survivor has the strongest state of both on every list."""
    await tx.run(
        sql(
            """
            with pairs as materialized ({pairs}),
            own as materialized (
                select s.contact_id as survivor_id, s.* from contacts.subscription s
                where s.workspace_id = {workspace} and s.contact_id in (select survivor_id from pairs)
            ),
            gone as (
                delete from contacts.subscription s using pairs
                where s.workspace_id = {workspace} and s.contact_id = pairs.contact_id
                returning pairs.survivor_id, s.*
            ),
            chosen as materialized (
                select distinct on (survivor_id, list_id) *
                from (select * from own where (survivor_id, list_id) in (select survivor_id, list_id from gone)
                      union all select * from gone where survivor_id is not null) as both_sides
                order by survivor_id, list_id, {strongest}, updated_at desc
            ),
            come as (
                insert into contacts.subscription as s (workspace_id, contact_id, list_id, status, source,
                    subscribed_at, unsubscribed_at, created_at, updated_at)
                select {workspace}, survivor_id, list_id, status, source, subscribed_at, unsubscribed_at,
                       created_at, {now}
                from chosen order by survivor_id, list_id
                on conflict (workspace_id, contact_id, list_id) do update
                set status = excluded.status, source = excluded.source, subscribed_at = excluded.subscribed_at,
                    unsubscribed_at = excluded.unsubscribed_at, updated_at = excluded.updated_at
                where s.status <> excluded.status
            ),
            counted as ({count})
            select 1
            """,
            pairs=pairs,
            strongest=STRONGEST,
            count=insert_changes(
                sql(
                    """
                    select {kind} as kind, list_id as object_id, sum(n) as change
                    from (select list_id, -1 as n from gone where status = 1
                          union all select o.list_id, -1 from own o join chosen c using (survivor_id, list_id)
                          where o.status = 1
                          union all select list_id, 1 from chosen where status = 1) as moves
                    group by list_id
                    """,
                    kind=LIST,
                )
            ),
        )
    )


async def settle_companies(tx: Tx, pairs: Sql) -> None:
    """The survivor keeps its primary company; the other's is primary only where the survivor has none."""
    await tx.run(
        sql(
            """
            update contacts.company_member m set is_primary = false, updated_at = {now} from ({pairs}) as pairs
            where m.workspace_id = {workspace} and m.contact_id = pairs.contact_id and m.is_primary
              and exists (select 1 from contacts.company_member o where o.workspace_id = {workspace}
                            and o.contact_id = pairs.survivor_id and o.is_primary)
            """,
            pairs=pairs,
        )
    )


async def settle_exports(tx: Tx, pairs: Sql) -> None:
    """The files handed out are noted as blobs without an owner, which the nightly sweep removes."""
    await tx.run(
        sql(
            """
            insert into contacts.blob (workspace_id, name, created_at)
            select {workspace}, e.file, e.created_at from contacts.person_export e
            join ({pairs}) as pairs on pairs.contact_id = e.contact_id
            where e.workspace_id = {workspace} and e.file <> '' and pairs.survivor_id is null
            order by e.file on conflict do nothing
            """,
            pairs=pairs,
        )
    )


PERSONAL = (
    Personal("contacts.contact", column="id", settle=settle_people),
    Personal("contacts.contact_tag", key=("tag_id",), settle=settle_tags),
    Personal("contacts.subscription", key=("list_id",), settle=settle_lists),
    Personal("contacts.field_value_index", is_derived=True),
    Personal("contacts.company_member", key=("company_id",), settle=settle_companies),
    Personal("contacts.company_refusal", key=("company_id",)),
    Personal("contacts.consent"),
    Personal("contacts.note"),
    Personal("contacts.file"),
    Personal("contacts.trash", key=()),
    Personal("contacts.merged"),
    Personal("contacts.merge_note"),
    Personal("contacts.duplicate_key", is_derived=True),
    Personal("contacts.duplicate_pair", is_derived=True),
    Personal("contacts.duplicate_pair", column="other_id", is_derived=True),
    Personal("contacts.person_export", settle=settle_exports),
)
