"""What becomes of points when contacts are merged or erased.

The survivor of a merge keeps everything both were given, but what one rule gave to both counts once.
"""

from __future__ import annotations

from waypost.kernel.registry import Personal
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx


async def settle_totals(tx: Tx, pairs: Sql) -> None:
    """The survivor's totals grow by what will be moved to them."""
    await tx.run(
        sql(
            """
            with pairs as materialized ({pairs}),
            coming as (
                select distinct on (pairs.survivor_id, coalesce(a.rule_id, -a.id))
                       pairs.survivor_id, a.score_id, a.points, a.over_at
                from scores.award a join pairs on pairs.contact_id = a.contact_id
                where a.workspace_id = {workspace} and pairs.survivor_id is not null and not exists (
                    select 1 from scores.award o where o.workspace_id = {workspace}
                      and o.contact_id = pairs.survivor_id and o.rule_id = a.rule_id)
                order by pairs.survivor_id, coalesce(a.rule_id, -a.id), a.contact_id
            )
            insert into scores.total as t (workspace_id, contact_id, score_id, points, changed_at)
            select {workspace}, survivor_id, score_id, sum(points), {now} from coming where over_at is null
            group by survivor_id, score_id order by survivor_id, score_id
            on conflict (workspace_id, contact_id, score_id)
            do update set points = t.points + excluded.points, changed_at = excluded.changed_at
            """,
            pairs=pairs,
        )
    )


PERSONAL = (
    Personal("scores.total", is_derived=True, settle=settle_totals),
    Personal("scores.award", key=("rule_id",)),
)
