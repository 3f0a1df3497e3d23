"""Contacts' points by row number, with totals; for dialects whose pages are numbered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class Points:
    """What a contact has in one score; `began_at` is when the first points were given."""

    contact_id: int
    score_id: int
    points: int
    began_at: datetime
    changed_at: datetime


_FROM = sql(
    """
    scores.total t join scores.score s on s.workspace_id = t.workspace_id and s.id = t.score_id
      and s.deleted_at is null and s.is_active
    """
)


async def list_points_from(
    tx: ReadTx, *, contact_ids: Sequence[int] | None = None, limit: int, offset: int = 0
) -> tuple[list[Points], int]:
    """By contact and score, of scores that count; and how many there are."""
    where = _wanted(contact_ids)
    rows = await tx.all(
        sql(
            """
            select t.contact_id, t.score_id, t.points, t.changed_at, coalesce((
                select min(a.given_at) from scores.award a
                where a.workspace_id = t.workspace_id and a.contact_id = t.contact_id and a.score_id = t.score_id
            ), t.changed_at) as began_at
            from {tables} where t.workspace_id = {workspace} and {where}
            order by t.contact_id, t.score_id limit {limit} offset {offset}
            """,
            tables=_FROM,
            where=where,
            limit=limit,
            offset=offset,
        ),
        Points,
    )
    if offset == 0 and len(rows) < limit:
        return rows, len(rows)
    total = await tx.value(
        sql("select count(*) from {tables} where t.workspace_id = {workspace} and {where}", tables=_FROM, where=where)
    )
    return rows, total


def _wanted(contact_ids: Sequence[int] | None) -> Sql:
    return TRUE if contact_ids is None else sql("t.contact_id = any({ids}::bigint[])", ids=list(contact_ids))
