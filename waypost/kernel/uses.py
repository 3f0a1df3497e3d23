"""What is built on a row: asked of every domain, so that a rung can hear of what stands above it.

A domain that deletes rows others point to calls `refuse_while_used` first, or `refuse_while_live` where
the others can do without, with the row locked against new references; `list_uses` is what a person is
shown before deciding.
"""

from __future__ import annotations

from waypost.kernel.errors import Failure, Kind
from waypost.kernel.registry import Usage
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

NOUNS = (
    "tag",
    "list",
    "field",
    "message",
    "segment",
    "automation",
    "schema",
    "image",
    "snippet",
    "pipeline",
    "stage",
    "deal_field",
    "score",
)
"""What documents name by `<noun>_id`."""

MOST_NAMED = 3


class StillUsed(Failure):
    kind = Kind.CONFLICT
    code = "still_used"
    template = "The {noun} is used by {users}. {remedy}"


class NounUnknown(Failure):
    kind = Kind.NOT_FOUND
    code = "uses.noun_unknown"
    template = "Nothing keeps track of what uses a {noun}."


def names_in(tx: ReadTx, document: Sql, noun: str, object_id: int) -> Sql:
    """Whether a JSON document names the row anywhere.

    {"tag_id": 7} and {"tag_ids": [7]} name tag 7, and so does {"fact": "tag_added", "object_id": 7}.
    """
    tests = [f"@.{noun}_id == $id", f"@.{noun}_ids[*] == $id"]
    facts = [f'@.fact == "{fact.name}"' for fact in tx.registry.facts.values() if fact.picker == noun]
    if facts:
        tests.append(f"(@.object_id == $id && ({' || '.join(facts)}))")
    return sql(
        "jsonb_path_exists({document}, {path}::text::jsonpath, jsonb_build_object('id', {object_id}))",
        document=document,
        path=f"$.** ? ({' || '.join(tests)})",
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


async def refuse_while_used(tx: Tx, noun: str, object_id: int) -> None:
    """Raise `StillUsed` when anything names the row, whether it runs or not."""
    _refuse(noun, await list_uses(tx, noun, object_id), "Take it out there first.")


async def refuse_while_live(tx: Tx, noun: str, object_id: int) -> None:
    """Raise `StillUsed` when something that runs would break without the row."""
    live = [item for item in await list_uses(tx, noun, object_id) if item.is_live]
    _refuse(noun, live, "Take it out there first, or pause what runs.")


def _refuse(noun: str, users: list[Usage], remedy: str) -> None:
    if not users:
        return
    named = [f"the {item.kind} “{item.name}”" for item in users[:MOST_NAMED]]
    if len(users) > MOST_NAMED:
        named.append(f"{len(users) - MOST_NAMED} more")
    text = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    raise StillUsed(noun=noun, users=text, remedy=remedy, used_by=users)
