"""What a feed's tags stand for in a message, in ActiveCampaign's words: %RSS:ITEM:TITLE%, %RSS:CHANNEL:TITLE%.

Blocks in which tags of items stand are repeated for each item, those that follow each other together; in messages
written as text the part between %RSS-LOOP% and %/RSS-LOOP% is. Elsewhere, as in the subject, they mean the newest.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, cast

from waypost.campaigns.feeds import Feed, FeedItem
from waypost.messages.snippets import renamed

SOURCES = ("html", "mjml", "markdown", "text")
"""Where a document that is not made of blocks has its content."""
_ITEM = re.compile(r"%RSS:ITEM:([A-Z]+)%")
_CHANNEL = re.compile(r"%RSS:CHANNEL:([A-Z]+)%")
_LOOP = re.compile(r"%RSS-LOOP%(.*?)%/RSS-LOOP%", re.DOTALL)
_LIVE = re.compile(r"(?<=\{)(?=[{%])|(?<=%)(?=[A-Z/])")
Json = dict[str, Any]


def has_items(value: object) -> bool:
    """Whether a tag of an item stands anywhere in it."""
    if isinstance(value, str):
        return _ITEM.search(value) is not None
    if isinstance(value, Mapping):
        return any(map(has_items, cast("Mapping[str, object]", value).values()))
    return isinstance(value, list) and any(map(has_items, cast("list[object]", value)))


def _tags_of(item: FeedItem) -> dict[str, str]:
    day = item.published_at
    return {
        "TITLE": item.title,
        "LINK": item.link,
        "SUMMARY": item.summary,
        "AUTHOR": item.author,
        "IMAGE": item.image,
        "DATE": f"{day.day} {day:%B %Y}" if day else "",
    }


def _inert(text: str) -> str:
    """Nothing of what others write is taken for a tag of ours; in addresses, upper case stands only in escapes."""
    if text.startswith(("http://", "https://")):
        lower = re.sub(r"%[0-9A-F]{2}", lambda found: found[0].lower(), text)
        return lower.replace("{", "%7b").replace("}", "%7d")
    return _LIVE.sub("\u200b", text)


@dataclass(frozen=True, slots=True)
class Filling:
    """A feed and those of its items that go out, the newest first."""

    feed: Feed
    items: Sequence[FeedItem]

    def words(self, text: str) -> str:
        """A line as plain text, its items' tags those of the newest."""
        return self._put(text, self.items[0], str)

    def document(self, document: Json) -> Json:
        """The document with what is new; a picture that an item lacks is left out."""
        filled = dict(document)
        for source in SOURCES:
            if isinstance(filled.get(source), str):
                filled[source] = self._source(filled[source], str if source == "text" else html.escape)
        if isinstance(filled.get("blocks"), list):
            filled["blocks"] = self._blocks(filled["blocks"])
        return filled

    def _source(self, text: str, escape: Callable[[str], str]) -> str:
        def repeat(found: re.Match[str]) -> str:
            return "".join(self._put(found[1], item, escape) for item in self.items)

        return self._put(_LOOP.sub(repeat, text), self.items[0], escape)

    def _blocks(self, blocks: Sequence[Json]) -> list[Json]:
        out: list[Json] = []
        for is_repeated, run in groupby(blocks, key=has_items):
            group = list(run)
            if not is_repeated:
                out += [self._block(block, self.items[0]) for block in group]
                continue
            for number, item in enumerate(self.items, 1):
                made = [self._block(block, item) for block in group]
                prefix = f"{str(group[0].get('id', ''))[:20]}-i{number}"
                out += renamed([block for block in made if not _is_lost(block)], prefix)
        return out

    def _block(self, block: Json, item: FeedItem) -> Json:
        made: Json = self._walk(block, item, "")
        if isinstance(made.get("slots"), list):
            made["slots"] = [[one for one in slot if not _is_lost(one)] for slot in made["slots"]]
        return made

    def _walk(self, value: Any, item: FeedItem, key: str) -> Any:
        if isinstance(value, str):
            return self._put(value, item, html.escape if key == "html" else str)
        if isinstance(value, dict):
            return {name: self._walk(one, item, name) for name, one in cast("Json", value).items()}
        if isinstance(value, list):
            return [self._walk(one, item, key) for one in cast("list[Any]", value)]
        return value

    def _put(self, text: str, item: FeedItem, escape: Callable[[str], str]) -> str:
        about = {"TITLE": self.feed.title, "LINK": self.feed.link, "DESCRIPTION": self.feed.description}
        of_item = _tags_of(item)
        text = _ITEM.sub(lambda found: escape(_inert(of_item.get(found[1], ""))), text)
        return _CHANNEL.sub(lambda found: escape(_inert(about.get(found[1], ""))), text)


def _is_lost(block: Json) -> bool:
    """A picture without one."""
    return block.get("type") == "image" and not block.get("props", {}).get("src")
