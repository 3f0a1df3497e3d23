"""Holding back, letting go and taking back what a source has queued and nobody has claimed yet.

Rows under way (claimed) are left to their sender. Each call touches a part; callers repeat until none is left.
"""

from __future__ import annotations

from waypost.delivery.types import SourceKind
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

PART = 20_000
_FAR = sql("timestamptz '2999-01-01 00:00+00'")
"""A time that does not come: rows due then are held."""


def _waiting(source_kind: SourceKind, source_id: int, due: Sql) -> Sql:
    return sql(
        """
        select id from delivery.ledger where workspace_id = {workspace} and state = 0 and {due}
          and source_kind = {source_kind} and source_id = {source_id}
        order by due_at, id limit {part} for update
        """,
        source_kind=int(source_kind),
        source_id=source_id,
        due=due,
        part=PART,
    )


async def hold_back(tx: Tx, source_kind: SourceKind, source_id: int) -> int:
    """Let what waits wait on, whatever its time."""
    return await tx.run(
        sql(
            """
            with waiting as materialized ({waiting})
            update delivery.ledger l set due_at = {far} from waiting
            where l.workspace_id = {workspace} and l.id = waiting.id
            """,
            waiting=_waiting(source_kind, source_id, sql("due_at < {far}", far=_FAR)),
            far=_FAR,
        )
    )


async def let_go(tx: Tx, source_kind: SourceKind, source_id: int) -> int:
    """What was held is due now."""
    count = await tx.run(
        sql(
            """
            with waiting as materialized ({waiting})
            update delivery.ledger l set due_at = {now} from waiting
            where l.workspace_id = {workspace} and l.id = waiting.id
            """,
            waiting=_waiting(source_kind, source_id, sql("due_at >= {far}", far=_FAR)),
        )
    )
    if count:
        tx.wake("delivery")
    return count


async def take_back(tx: Tx, source_kind: SourceKind, source_id: int, *, reason: str) -> int:
    """What waits is not sent any more; the ledger keeps the reason."""
    return await tx.run(
        sql(
            """
            with waiting as materialized ({waiting})
            update delivery.ledger l set state = 4, smtp_reply = {reason}, due_at = {now} from waiting
            where l.workspace_id = {workspace} and l.id = waiting.id
            """,
            waiting=_waiting(source_kind, source_id, sql("true")),
            reason=reason,
        )
    )


async def is_under_way(tx: ReadTx, source_kind: SourceKind, source_id: int, *, claimed_only: bool = False) -> bool:
    """Whether anything of the source is still to be sent, or being sent just now."""
    return bool(
        await tx.value(
            sql(
                """
                select exists (
                    select 1 from delivery.ledger where workspace_id = {workspace} and state in (0, 1)
                      and (state = 1 or not {claimed_only})
                      and source_kind = {source_kind} and source_id = {source_id})
                """,
                source_kind=int(source_kind),
                source_id=source_id,
                claimed_only=claimed_only,
            )
        )
    )
