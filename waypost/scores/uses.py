"""Which scores name a row of another domain in their rules."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.kernel.registry import Usage
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.uses import names_in


async def find_uses(tx: ReadTx, noun: str, object_id: int) -> Sequence[Usage]:
    """Never live: without the row the condition holds for nobody, and nothing that runs stops."""
    return await tx.all(
        sql(
            """
            select distinct 'score' as kind, s.id, s.name, false as is_live
            from scores.rule r join scores.score s on s.workspace_id = r.workspace_id and s.id = r.score_id
            where r.workspace_id = {workspace} and r.deleted_at is null and {named} order by s.id
            """,
            named=names_in(tx, sql("r.condition"), noun, object_id),
        ),
        Usage,
    )
