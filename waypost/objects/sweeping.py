"""The records of a deleted schema go in chunks, each a transaction, and the schema's row after the last."""

from __future__ import annotations

from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

CHUNK = 5_000


async def list_waiting_workspaces(tx: ReadTx) -> list[int]:
    """Asked for all workspaces at once, hence by the sweeper only."""
    rows = await tx.all(
        sql("select distinct workspace_id from objects.schema where deleted_at is not null order by workspace_id")
    )
    return [row["workspace_id"] for row in rows]


async def sweep_chunk(tx: Tx) -> bool:
    """Delete some records of a deleted schema with their links; whether there is more to do."""
    schema_id = await tx.value(
        sql(
            """
            select id from objects.schema where workspace_id = {workspace} and deleted_at is not null
            order by id limit 1 for update skip locked
            """
        )
    )
    if schema_id is None:
        return False
    gone = await tx.value(
        sql(
            """
            with gone as (
                delete from objects.record where workspace_id = {workspace} and id in (
                    select id from objects.record where workspace_id = {workspace} and schema_id = {schema_id}
                    order by id limit {chunk})
                returning id
            ),
            contacts as (
                delete from objects.contact_relation l using gone
                where l.workspace_id = {workspace} and l.record_id = gone.id
            ),
            others as (
                delete from objects.relation o using gone
                where o.workspace_id = {workspace}
                  and (o.record_id = gone.id or (o.namespace = 4 and o.object_id = gone.id))
            )
            select count(*) from gone
            """,
            schema_id=schema_id,
            chunk=CHUNK,
        )
    )
    if not gone:
        await tx.run(sql("delete from objects.schema where workspace_id = {workspace} and id = {id}", id=schema_id))
    return True
