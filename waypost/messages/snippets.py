"""Snippets in documents. A snippet block holds the id of a saved row and a copy of its blocks.

The copy makes rendering, previews and sending know nothing of snippets; it is written here, on every
save of a message and of a snippet, and never taken from a client.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.numbering import Numbered, number_links

Json = dict[str, Any]
LONGEST_PREFIX = 12


def _blocks_of(document: Json) -> list[Json]:
    blocks = document.get("blocks")
    return [item for item in blocks if isinstance(item, dict)] if isinstance(blocks, list) else []


def _slots_of(block: Json) -> list[list[Json]]:
    slots = block.get("slots")
    if not isinstance(slots, list):
        return []
    return [[item for item in slot if isinstance(item, dict)] for slot in slots if isinstance(slot, list)]


def _snippets(blocks: Sequence[Json], pointer: str) -> Iterator[tuple[int, str]]:
    for index, block in enumerate(blocks):
        here = f"{pointer}/{index}"
        props = block.get("props")
        if block.get("type") == "snippet":
            if isinstance(props, dict) and isinstance(props.get("snippet_id"), int):
                yield props["snippet_id"], here
            continue
        for number, slot in enumerate(_slots_of(block)):
            yield from _snippets(slot, f"{here}/slots/{number}")


def _changed(blocks: Sequence[Json], change: Callable[[Json], list[Json]]) -> list[Json]:
    """The blocks, each snippet block replaced by what `change` gives."""
    out: list[Json] = []
    for block in blocks:
        if block.get("type") == "snippet":
            out += change(block)
        elif block.get("slots"):
            out.append({**block, "slots": [_changed(slot, change) for slot in _slots_of(block)]})
        else:
            out.append(block)
    return out


def renamed(blocks: Sequence[Json], prefix: str) -> list[Json]:
    """The same blocks with ids of their own, so that a snippet may stand in a message twice."""
    out: list[Json] = []
    for number, block in enumerate(blocks, 1):
        name = f"{prefix}-{number}"
        made = {**block, "id": name}
        if block.get("slots"):
            made["slots"] = [
                renamed(slot, f"{name}-{slot_number}") for slot_number, slot in enumerate(_slots_of(block))
            ]
        out.append(made)
    return out


def frozen(document: Json) -> Json:
    """What a snippet holds now, in its place: for copies that must not change any more."""

    def content(block: Json) -> list[Json]:
        slots = _slots_of(block)
        return slots[0] if slots else []

    return {**document, "blocks": _changed(_blocks_of(document), content)} if _blocks_of(document) else document


def _filled(document: Json, contents: Mapping[int, Sequence[Json]]) -> Json:
    def with_content(block: Json) -> list[Json]:
        number: Any = block.get("props", {}).get("snippet_id") if isinstance(block.get("props"), dict) else None
        if number not in contents:
            return [block]
        name = str(block.get("id", ""))
        # Ids have an end, and what is nested adds to them.
        prefix = name if len(name) <= LONGEST_PREFIX else blake2b(name.encode(), digest_size=5).hexdigest()
        return [{**block, "slots": [renamed(contents[number], prefix)]}]

    return {**document, "blocks": _changed(_blocks_of(document), with_content)}


async def fill_snippets(tx: Tx, document: Json) -> Json:
    """The document with what its snippets hold at this moment; raises where there is no such snippet."""
    named = list(_snippets(_blocks_of(document), "/document/blocks"))
    if not named:
        return document
    # Shared, so that the snippet cannot change between now and the commit without knowing of this message.
    rows = await tx.all(
        sql(
            """
            select id, blocks from messages.saved_row
            where workspace_id = {workspace} and is_synced and id = any({ids}::bigint[])
            order by id for share
            """,
            ids=sorted({number for number, _ in named}),
        )
    )
    contents: dict[int, list[Json]] = {row["id"]: row["blocks"] for row in rows}
    problems = [
        Problem(f"{place}/props/snippet_id", f"There is no snippet {number}.", "unknown")
        for number, place in named
        if number not in contents
    ]
    if problems:
        raise Invalid(problems)
    return _filled(document, contents)


async def refresh_messages(tx: Tx, snippet_id: int, blocks: Sequence[Json]) -> int:
    """Write the snippet into every message that holds it, all at once; says how many there were."""
    rows = await tx.all(
        sql(
            """
            select id, document, preheader from messages.message
            where workspace_id = {workspace}
              and jsonb_path_exists(document, '$.**.props.snippet_id ? (@ == $id)', jsonb_build_object('id', {id}::bigint))
            order by id for update
            """,
            id=snippet_id,
        )
    )
    changed = [Numbered(row["id"], _filled(row["document"], {snippet_id: blocks}), row["preheader"]) for row in rows]
    await tx.run(
        sql(
            """
            update messages.message m
            set document = given.document::jsonb, revision = m.revision + 1, updated_at = {now}
            from unnest({ids}::bigint[], {documents}::text[]) as given (id, document)
            where m.workspace_id = {workspace} and m.id = given.id
            """,
            ids=[item.message_id for item in changed],
            documents=[msgspec.json.encode(item.document).decode() for item in changed],
        )
    )
    await number_links(tx, changed)
    return len(changed)
