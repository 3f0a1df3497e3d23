"""Addresses and domains that people put on the suppression list, by row number; for dialects whose rows have one.

An entry has no number of its own, so it is made of the address: the same entry keeps its number for ever.
"""

from __future__ import annotations

from dataclasses import dataclass

from waypost.delivery.types import Reason
from waypost.kernel.sql import TRUE, Sql, sql
from waypost.kernel.tx import ReadTx


@dataclass(frozen=True, slots=True)
class Exclusion:
    """An address, or a domain with its @."""

    number: int
    address: str


_NUMBER = sql("('x' || substr(md5(address), 1, 12))::bit(48)::bigint")
_UP, _DOWN = sql('address collate "C"'), sql('address collate "C" desc')


def _by_hand() -> Sql:
    """Hashes are left out: they say nothing to whoever reads them."""
    return sql(
        "workspace_id = {workspace} and reason = {by_hand} and strpos(address, '@') > 0", by_hand=int(Reason.BY_HAND)
    )


async def list_exclusions_from(
    tx: ReadTx, *, part: str = "", is_descending: bool = False, limit: int, offset: int
) -> tuple[list[Exclusion], int]:
    """In order of their text, those that hold `part`, and how many there are."""
    matching = sql("strpos(address, {part}) > 0", part=part.lower()) if part else TRUE
    where = sql("{by_hand} and {matching}", by_hand=_by_hand(), matching=matching)
    found = await tx.all(
        sql(
            """
            select {number} as number, address from delivery.suppression
            where workspace_id = {workspace} and {where} order by {order} limit {limit} offset {offset}
            """,
            number=_NUMBER,
            where=where,
            order=_DOWN if is_descending else _UP,
            limit=limit,
            offset=offset,
        ),
        Exclusion,
    )
    total = await tx.value(
        sql("select count(*) from delivery.suppression where workspace_id = {workspace} and {where}", where=where)
    )
    return found, total


async def find_exclusion(tx: ReadTx, number: int) -> Exclusion | None:
    return await tx.maybe(
        sql(
            """
            select {number} as number, address from delivery.suppression
            where workspace_id = {workspace} and {by_hand} and {number} = {wanted} limit 1
            """,
            number=_NUMBER,
            by_hand=_by_hand(),
            wanted=number,
        ),
        Exclusion,
    )
