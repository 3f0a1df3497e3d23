"""Which segments name a row of another domain, or another segment."""

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
            select 'segment' as kind, s.id, s.name, false as is_live from segments.segment as s
            where s.workspace_id = {workspace} and {named} order by s.id
            """,
            named=names_in(tx, sql("s.condition"), noun, object_id),
        ),
        Usage,
    )


NAMES = {
    "segment": sql("select id, name as name from segments.segment where workspace_id = {workspace}"),
}
"""What people call the rows that other documents name, by noun."""
