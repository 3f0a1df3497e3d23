"""Numbers for the addresses in messages: given once, kept for ever, for many messages in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.document import parse_document
from waypost.messages.links import urls_in
from waypost.messages.render import render


@dataclass(frozen=True, slots=True)
class Numbered:
    message_id: int
    document: dict[str, Any]
    preheader: str


async def number_links(tx: Tx, messages: Sequence[Numbered]) -> None:
    """Number every address that has none yet; old numbers keep leading where they led."""
    found: list[tuple[int, str]] = []
    for item in messages:
        rendered = render(parse_document(item.document), preheader=item.preheader)
        found += [(item.message_id, url) for url in urls_in(rendered.html, rendered.text)]
    await tx.run(
        sql(
            """
            insert into messages.link (workspace_id, message_id, number, url)
            select {workspace}, given.message_id,
                   (select coalesce(max(l.number), 0) from messages.link l
                    where l.workspace_id = {workspace} and l.message_id = given.message_id)
                   + row_number() over (partition by given.message_id order by given.place),
                   given.url
            from unnest({ids}::bigint[], {urls}::text[]) with ordinality as given (message_id, url, place)
            where not exists (
                select 1 from messages.link l
                where l.workspace_id = {workspace} and l.message_id = given.message_id and l.url = given.url
            )
            on conflict do nothing
            """,
            ids=[message_id for message_id, _ in found],
            urls=[url for _, url in found],
        )
    )
