"""Totals without scans: every write leaves its change, reads add changes to the folded total."""

from __future__ import annotations

from collections.abc import Sequence

import asyncpg

from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

CONTACTS = 0
TAG = 1
LIST = 2


def insert_changes(rows: Sql) -> Sql:
    """An INSERT to stand in a CTE; `rows` yields kind, object_id and change."""
    return sql(
        """
        insert into contacts.count_change (workspace_id, kind, object_id, change)
        select {workspace}, kind, object_id, change from ({rows}) as changes where change <> 0
        """,
        rows=rows,
    )


def total_of(kind: int, object_id: int = 0) -> Sql:
    """A SELECT of one total, to run by itself or to stand in a larger statement."""
    return sql(
        """
        select (select coalesce(sum(count), 0) from contacts.count_total
                where workspace_id = {workspace} and kind = {kind} and object_id = {object_id})::bigint
             + (select coalesce(sum(change), 0) from contacts.count_change
                where workspace_id = {workspace} and kind = {kind} and object_id = {object_id})::bigint
        """,
        kind=kind,
        object_id=object_id,
    )


async def count_of(tx: ReadTx, kind: int, object_id: int = 0) -> int:
    """One total."""
    return int(await tx.value(total_of(kind, object_id)))


async def counts_of(tx: ReadTx, kind: int, object_ids: Sequence[int]) -> dict[int, int]:
    """Totals of several tags or lists; one that was never counted is missing."""
    rows = await tx.all(
        sql(
            """
            select object_id, sum(count)::bigint as count from (
                select object_id, count from contacts.count_total
                where workspace_id = {workspace} and kind = {kind} and object_id = any({ids}::bigint[])
                union all
                select object_id, change from contacts.count_change
                where workspace_id = {workspace} and kind = {kind} and object_id = any({ids}::bigint[])
            ) as parts group by object_id
            """,
            kind=kind,
            ids=list(object_ids),
        )
    )
    return {row["object_id"]: row["count"] for row in rows}


async def forget_counts(tx: Tx, kind: int, object_id: int) -> None:
    """Drop the total of a tag or list that is gone."""
    await tx.run(
        sql(
            "delete from contacts.count_total where workspace_id = {workspace} and kind = {kind} and object_id = {id}",
            kind=kind,
            id=object_id,
        )
    )
    await tx.run(
        sql(
            "delete from contacts.count_change where workspace_id = {workspace} and kind = {kind} and object_id = {id}",
            kind=kind,
            id=object_id,
        )
    )


async def fold_counts(tx: Tx) -> int:
    """Add the changes to the totals; returns how many changes there were."""
    return int(
        await tx.value(
            sql(
                """
                with gone as (
                    delete from contacts.count_change where workspace_id = {workspace}
                    returning kind, object_id, change
                ),
                folded as (
                    insert into contacts.count_total as t (workspace_id, kind, object_id, count)
                    select {workspace}, kind, object_id, sum(change) from gone group by kind, object_id
                    order by kind, object_id
                    on conflict (workspace_id, kind, object_id) do update set count = t.count + excluded.count
                )
                select count(*) from gone
                """
            )
        )
    )


async def list_changed_workspaces(tx: ReadTx) -> list[int]:
    """Workspaces with changes to fold."""
    rows = await tx.all(
        sql(
            """
            select w.id from identity.workspace w
            where exists (select 1 from contacts.count_change c where c.workspace_id = w.id)
            """
        )
    )
    return [row["id"] for row in rows]


async def sweep_changes(pool: asyncpg.Pool) -> None:
    """Take folded changes off the table's pages, which every total reads: some thousands of them would double its cost."""
    await pool.execute("vacuum (skip_locked, truncate false) contacts.count_change")
