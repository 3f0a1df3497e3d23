"""The copies that go out: each variant's message as it is when sending begins, with tagged links.

Later changes of the message it was made from change nothing for those who get the campaign an hour later.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, cast
from urllib.parse import quote

from waypost.campaigns.types import Campaign, Variant
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message, update_message
from waypost.messages.queries import get_message
from waypost.messages.snippets import frozen
from waypost.messages.versions import keep_version

LETTERS = "ABCDE"
Document = dict[str, Any]


class Filler(Protocol):
    def words(self, text: str) -> str: ...

    def document(self, document: Document) -> Document: ...


_HREF = re.compile(r'(href=")(https?://[^"]+)(")')


def tagged(document: Any, utm: Mapping[str, str]) -> Any:
    """The document with the parameters added to every web address that a person can click."""
    pairs = [(f"utm_{name}", utm.get(name, "")) for name in ("source", "medium", "campaign")]
    query = "&".join(f"{name}={quote(value, safe='')}" for name, value in pairs if value)
    return _walk(document, query) if utm.get("source") else document


def _walk(value: Any, query: str) -> Any:
    if isinstance(value, dict):
        return {key: _entry(key, item, query) for key, item in cast("dict[str, Any]", value).items()}
    if isinstance(value, list):
        return [_walk(item, query) for item in cast("list[Any]", value)]
    return value


def _entry(key: str, value: Any, query: str) -> Any:
    if isinstance(value, str) and key == "href":
        return with_query(value, query)
    if isinstance(value, str):
        return _HREF.sub(
            lambda found: found[1] + with_query(found[2], query).replace("&utm", "&amp;utm") + found[3], value
        )
    return _walk(value, query)


def with_query(url: str, query: str) -> str:
    """The address with more parameters, before its fragment; what has its own utm_source keeps it."""
    if not url.startswith(("http://", "https://")) or "utm_source=" in url:
        return url
    address, mark, fragment = url.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{query}{mark}{fragment}"


async def write_copies(
    tx: Tx, campaign: Campaign, variants: Sequence[Variant], *, filler: Filler | None = None
) -> None:
    """One message per variant, named like the campaign; those there are already are made anew in their places.

    The filler puts in what is the same for all recipients.
    """
    words = str if filler is None else filler.words
    utm = {"medium": "email", **campaign.utm}
    utm["campaign"] = utm.get("campaign") or campaign.name
    for variant in variants:
        # lint: no-row-loops because there are at most five
        original = await get_message(tx, variant.message_id or campaign.message_id or 0)
        # lint: no-row-loops because there are at most five
        await keep_version(tx, original.id, "send")
        letter = f" – {LETTERS[variant.number - 1]}" if campaign.kind == "split" else ""
        document = frozen(original.document)
        given: dict[str, Any] = {
            "name": f"{campaign.name[:180]}{letter} (sent)",
            "subject": words(variant.subject or campaign.subject or original.subject),
            "preheader": words(campaign.preheader or original.preheader),
            "from_name": variant.from_name or campaign.from_name or original.from_name,
            "from_email": variant.from_email or campaign.from_email or original.from_email,
            "reply_to": campaign.reply_to or original.reply_to,
            "document": tagged(document if filler is None else filler.document(document), utm),
        }
        if variant.sent_message_id is not None:
            # lint: no-row-loops because there are at most five
            await update_message(tx, variant.sent_message_id, **given)
            continue
        # lint: no-row-loops because there are at most five
        copy = await create_message(tx, **given)
        # lint: no-row-loops because there are at most five
        await tx.run(
            sql(
                """
                update campaigns.variant set sent_message_id = {message_id}
                where workspace_id = {workspace} and campaign_id = {id} and number = {number}
                """,
                message_id=copy.id,
                id=campaign.id,
                number=variant.number,
            )
        )
