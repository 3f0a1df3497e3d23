"""Which scheduled exports name a row, in their selection or as a column."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.kernel.registry import Usage
from waypost.kernel.sql import FALSE, sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.uses import names_in


async def find_uses(tx: ReadTx, noun: str, object_id: int) -> Sequence[Usage]:
    """Live while its schedule is on: without the row the next file would hold nobody, or lack the column."""
    column = sql("{column} = any(s.columns)", column=f"field:{object_id}") if noun == "field" else FALSE
    return await tx.all(
        sql(
            """
            select 'export' as kind, s.id, s.name, s.is_active as is_live from exports.schedule as s
            where s.workspace_id = {workspace} and ({named} or {column}) order by s.id
            """,
            named=names_in(tx, sql("s.selection"), noun, object_id),
            column=column,
        ),
        Usage,
    )
