"""What is built on a row: asked of every domain, so that a rung can hear of what stands above it.

A domain that deletes rows others point to calls `refuse_while_live` first, with the row locked
against new references; `list_uses` is what a person is shown before deciding.
"""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind
from waypost.kernel.registry import Usage
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

NOUNS = ("tag", "list", "field", "message", "segment", "automation", "schema")
"""What documents name by `<noun>_id`."""

MOST_NAMED = 3


class StillUsed(Failure):
    kind = Kind.CONFLICT
    code = "still_used"
    template = "The {noun} is used by {users}. Take it out there first, or pause what runs."


class NounUnknown(Failure):
    kind = Kind.NOT_FOUND
    code = "uses.noun_unknown"
    template = "Nothing keeps track of what uses a {noun}."


def names_in(document: Sql, noun: str, object_id: int) -> Sql:
    """Whether a JSON document names the row anywhere, as {"tag_id": 7} names tag 7."""
    return sql(
        "jsonb_path_exists({document}, {path}::text::jsonpath, jsonb_build_object('id', {object_id}))",
        document=document,
        path=f"$.**.{noun}_id ? (@ == $id)",
        object_id=object_id,
    )


async def list_uses(tx: ReadTx, noun: str, object_id: int) -> list[Usage]:
    """Everything that names the row, what runs first."""
    if noun not in NOUNS:
        raise NounUnknown(noun=noun)
    found: list[Usage] = []
    for domain in tx.registry.domains:
        if domain.uses is not None:
            # lint: no-row-loops because a turn is a domain
            found += await domain.uses(tx, noun, object_id)
    return sorted(found, key=lambda item: (not item.is_live, item.kind, item.name.lower()))


async def refuse_while_live(tx: Tx, noun: str, object_id: int) -> None:
    """Raise `StillUsed` when something that runs would break without the row."""
    live = [item for item in await list_uses(tx, noun, object_id) if item.is_live]
    if live:
        named = [f"the {item.kind} “{item.name}”" for item in live[:MOST_NAMED]]
        if len(live) > MOST_NAMED:
            named.append(f"{len(live) - MOST_NAMED} more")
        users = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
        raise StillUsed(noun=noun, users=users, used_by=live)
