"""One row a contact with the last time and the count of sent, opened, clicked and visited.

The row is written in the statement that writes the facts, so it is exact whenever it can be seen. A
click counts as reading for last_open_at, even where images were blocked, but not for open_count.
"""

from __future__ import annotations

from typing import Literal

from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

Deed = Literal["sent", "open", "click", "visit"]


def keep_engagement(deed: Deed, rows: Sql) -> Sql:
    """An INSERT to stand in a CTE; `rows` yields contact_id, once for each time it happened.

    Rows are taken in the order of contacts, so that two statements cannot block each other.
    """
    return sql(
        """
        insert into activities.engagement as e
            (workspace_id, contact_id, last_sent_at, last_open_at, last_click_at, last_visit_at,
             sent_count, open_count, click_count, visit_count)
        select {workspace}, contact_id, case when {sent} then {now} end, case when {open} or {click} then {now} end,
               case when {click} then {now} end, case when {visit} then {now} end,
               case when {sent} then n else 0 end, case when {open} then n else 0 end,
               case when {click} then n else 0 end, case when {visit} then n else 0 end
        from (select contact_id, count(*) as n from ({rows}) as deeds group by contact_id) as done
        order by contact_id
        on conflict (workspace_id, contact_id) do update
        set last_sent_at = greatest(e.last_sent_at, excluded.last_sent_at),
            last_open_at = greatest(e.last_open_at, excluded.last_open_at),
            last_click_at = greatest(e.last_click_at, excluded.last_click_at),
            last_visit_at = greatest(e.last_visit_at, excluded.last_visit_at),
            sent_count = e.sent_count + excluded.sent_count, open_count = e.open_count + excluded.open_count,
            click_count = e.click_count + excluded.click_count, visit_count = e.visit_count + excluded.visit_count
        """,
        rows=rows,
        sent=deed == "sent",
        open=deed == "open",
        click=deed == "click",
        visit=deed == "visit",
    )


async def take_back_engagement(
    tx: Tx, deed: Deed, contact_ids: list[int], *, opens: tuple[int, ...], clicks: tuple[int, ...]
) -> None:
    """What never happened is subtracted, a contact for each time; last times come from the log anew."""
    await tx.run(
        sql(
            """
            with wrong as materialized (
                select e.contact_id, given.n from activities.engagement e
                join (select contact_id, count(*) as n from unnest({ids}::bigint[]) as rows (contact_id)
                      group by contact_id) as given using (contact_id)
                where e.workspace_id = {workspace} order by e.contact_id for update of e
            )
            update activities.engagement e
            set open_count = greatest(0, e.open_count - case when {is_open} then wrong.n else 0 end),
                click_count = greatest(0, e.click_count - case when {is_open} then 0 else wrong.n end),
                last_open_at = (select max(f.at) from activities.fact f where f.workspace_id = {workspace}
                    and f.contact_id = e.contact_id and f.kind = any({both}::smallint[])),
                last_click_at = (select max(f.at) from activities.fact f where f.workspace_id = {workspace}
                    and f.contact_id = e.contact_id and f.kind = any({clicks}::smallint[]))
            from wrong where e.workspace_id = {workspace} and e.contact_id = wrong.contact_id
            """,
            ids=contact_ids,
            is_open=deed == "open",
            both=[*opens, *clicks],
            clicks=list(clicks),
        )
    )
