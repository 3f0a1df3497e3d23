"""How often a contact did something within a window: the form of every condition that counts facts.

One contact is answered from its own part of the log, newest first and no further than needed. A set
comes from the index fact_object, which the literal range of kinds opens; other kinds are read by date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from waypost.kernel.sql import TRUE, Sql, and_, sql

CountOperator = Literal["at_least", "at_most", "exactly"]


@dataclass(frozen=True, slots=True)
class Deeds:
    """Facts of these kinds, `where` they meet an expression over `f`, counted."""

    kinds: tuple[int, ...]
    where: Sql = TRUE
    operator: CountOperator = "at_least"
    count: int = 1
    within: timedelta | None = None


def _since(deeds: Deeds) -> Sql:
    return TRUE if deeds.within is None else sql("f.at > {now} - {within}", within=deeds.within)


def _of_kind(deeds: Deeds) -> Sql:
    one = len(deeds.kinds) == 1
    kinds = (
        sql("f.kind = {kind}", kind=deeds.kinds[0])
        if one
        else sql("f.kind = any({kinds}::smallint[])", kinds=list(deeds.kinds))
    )
    if all(1 <= kind <= 99 for kind in deeds.kinds):
        return and_(sql("f.kind between 1 and 99"), kinds)
    if all(200 <= kind <= 299 for kind in deeds.kinds):
        return and_(sql("f.kind between 200 and 299"), kinds)
    return kinds


def _own(deeds: Deeds, contact_id: Sql, columns: Sql) -> Sql:
    return sql(
        """
        select {columns} from activities.fact f
        where f.workspace_id = {workspace} and f.contact_id = {contact_id} and {kinds} and {since} and {where}
        """,
        columns=columns,
        contact_id=contact_id,
        kinds=_of_kind(deeds),
        since=_since(deeds),
        where=deeds.where,
    )


def _compared(deeds: Deeds, count: Sql) -> Sql:
    if deeds.operator == "at_least":
        return sql("{count} >= {wanted}", count=count, wanted=deeds.count)
    if deeds.operator == "at_most":
        return sql("{count} <= {wanted}", count=count, wanted=deeds.count)
    return sql("{count} = {wanted}", count=count, wanted=deeds.count)


def happened(deeds: Deeds, contact_id: Sql) -> Sql:
    """Whether the contact did it as often as asked; what is beyond the number is not counted."""
    own = _own(deeds, contact_id, sql("1"))
    if deeds.operator == "at_least" and deeds.count == 1:
        return sql("exists ({own})", own=own)
    enough = deeds.count + (deeds.operator != "at_least")
    count = sql("(select count(*) from ({own} limit {enough}) as found)", own=own, enough=enough)
    return _compared(deeds, count)


def happened_to(deeds: Deeds) -> Sql | None:
    """Everyone who did it as often; None where those who never did are among them."""
    if deeds.operator == "at_most" or deeds.count == 0:
        return None
    return _counted(deeds, _compared(deeds, sql("count(*)")))


def not_happened_to(deeds: Deeds) -> Sql | None:
    """Everyone who did it more often than at most asked; None for the other operators."""
    if deeds.operator == "at_most" or (deeds.operator == "exactly" and deeds.count == 0):
        return _counted(deeds, sql("count(*) > {wanted}", wanted=deeds.count))
    return None


def _counted(deeds: Deeds, having: Sql) -> Sql:
    return sql(
        """
        select f.contact_id from activities.fact f
        where f.workspace_id = {workspace} and {kinds} and {since} and {where}
        group by f.contact_id having {having}
        """,
        kinds=_of_kind(deeds),
        since=_since(deeds),
        where=deeds.where,
        having=having,
    )


def leaves_window(deeds: Deeds, contact_id: Sql) -> Sql | None:
    """When the fact on which the answer hangs grows older than the window, if no other comes."""
    if deeds.within is None:
        return None
    if deeds.operator == "at_least":
        return _nth(deeds, contact_id, deeds.count)
    beyond = _nth(deeds, contact_id, deeds.count + 1)
    if deeds.operator == "at_most" or deeds.count == 0:
        return beyond
    return sql("coalesce({beyond}, {last})", beyond=beyond, last=_nth(deeds, contact_id, deeds.count))


def _nth(deeds: Deeds, contact_id: Sql, number: int) -> Sql:
    if number < 1:
        return sql("null::timestamptz")
    return sql(
        "({own} order by f.at desc offset {before} limit 1)",
        own=_own(deeds, contact_id, sql("f.at + {within}", within=deeds.within)),
        before=number - 1,
    )


def tell(deeds: Deeds, contact_id: Sql) -> Sql:
    """How often, and when last, as jsonb."""
    own = _own(deeds, contact_id, sql("jsonb_build_object('count', count(*), 'last_at', max(f.at))"))
    return sql("({own})", own=own)
