"""What becomes of records when contacts are merged or erased.

A record that belongs to one contact by its kind (a pet, a contract) is about that person and is erased
with them. One that belongs to many (a course) stays, without them.
"""

from __future__ import annotations

from waypost.kernel.registry import Personal
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


async def settle_records(tx: Tx, pairs: Sql) -> None:
    """Erase the records that are about those who are erased."""
    await tx.run(
        sql(
            """
            with gone as (
                delete from objects.record r using objects.contact_relation l, ({pairs}) as pairs
                where r.workspace_id = {workspace} and l.workspace_id = {workspace} and l.record_id = r.id
                  and l.contact_id = pairs.contact_id and pairs.survivor_id is null and l.is_own
                returning r.id
            ),
            contacts as (
                delete from objects.contact_relation l using gone
                where l.workspace_id = {workspace} and l.record_id = gone.id
            )
            delete from objects.relation o using gone
            where o.workspace_id = {workspace}
              and (o.record_id = gone.id or (o.namespace = 4 and o.object_id = gone.id))
            """,
            pairs=pairs,
        )
    )


PERSONAL = (
    Personal(
        "objects.contact_relation",
        key=("schema_id", "record_id", "relationship"),
        settle=settle_records,
        shown=sql(
            """
            (to_jsonb(t) - 'workspace_id') || coalesce(
                (select jsonb_build_object('schema', s.slug, 'external_id', r.external_id, 'fields', r.fields)
                 from objects.record r join objects.schema s on s.workspace_id = r.workspace_id and s.id = r.schema_id
                 where r.workspace_id = {workspace} and r.id = t.record_id), '{{}}')
            """
        ),
    ),
)
