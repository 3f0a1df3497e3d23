"""A choice of contacts as a person makes it in a list: some by hand, a segment or a condition, a search."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from waypost.contacts.audience import everyone_who, these
from waypost.contacts.types import Filter
from waypost.kernel.model import Model
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.queries import audience, check_references, get_segment

MOST_BY_HAND = 100_000


class Selection(Model):
    """All that is given must hold; nothing given means everyone."""

    contact_ids: Annotated[list[int], msgspec.Meta(max_length=MOST_BY_HAND)] | None = None
    segment_id: int | None = None
    condition: dict[str, Any] | None = None
    search: Annotated[str, msgspec.Meta(max_length=200)] = ""


async def check_selection(tx: ReadTx, selection: Selection, *, pointer: str) -> None:
    """Raises what is wrong with it: a segment that is gone, a condition that cannot be asked."""
    if selection.segment_id is not None:
        await get_segment(tx, selection.segment_id)
    if selection.condition is not None:
        await check_references(tx, selection.condition, pointer=f"{pointer}/condition")


async def select_contacts(tx: ReadTx, selection: Selection) -> Sql:
    """A statement yielding contact_id for every living contact meant."""
    parts: list[Sql] = []
    if selection.contact_ids is not None:
        parts.append(these(selection.contact_ids))
    conditions: list[dict[str, Any]] = []
    if selection.segment_id is not None:
        conditions.append({"type": "in_segment", "params": {"segment_id": selection.segment_id}})
    if selection.condition is not None:
        conditions.append(selection.condition)
    if conditions or selection.contact_ids is None:
        parts.append(await audience(tx, {"match": "all", "conditions": conditions}))
    if selection.search.strip():
        parts.append(await everyone_who(tx, Filter(search=selection.search.strip())))
    chosen = parts[0]
    for other in parts[1:]:
        chosen = sql(
            "select contact_id from ({chosen}) as chosen where contact_id in (select contact_id from ({other}) as o)",
            chosen=chosen,
            other=other,
        )
    return chosen


async def describe_selection(tx: ReadTx, selection: Selection) -> str:
    """A few words for a list of jobs."""
    if selection.contact_ids is not None:
        return f"{len(selection.contact_ids)} chosen contacts"
    words = "All contacts"
    if selection.segment_id is not None:
        words = (await get_segment(tx, selection.segment_id)).name
    elif selection.condition is not None:
        words = "Contacts by condition"
    return f"{words}, “{selection.search.strip()}”" if selection.search.strip() else words
