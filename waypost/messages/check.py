"""What is wrong with a message, and where: read before it is sent, shown while it is written.

Errors keep it from being sent: tags that cannot be read, conditions that do not pair up. Warnings do not: a
tag nothing is known about is left out. A condition may begin in one block and end in a later one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, cast

import msgspec

from waypost.kernel.errors import Failure
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.messages.constants import SAMPLE_SENDER, Constants
from waypost.messages.document import (
    BlocksDocument,
    Document,
    HtmlDocument,
    MarkdownDocument,
    MjmlDocument,
    parse_document,
    walk,
)
from waypost.messages.errors import TemplateBroken
from waypost.messages.queries import list_columns
from waypost.messages.render import render
from waypost.messages.template import Branch, Columns, Pairing, Tag, read_tags

_LOOSE = re.compile(r"%(?:IF|ELSEIF)\s[^%]{0,40}|\{%[^%}]{0,40}%?\}?|\{\{[^{}]{0,40}")
"""What begins like a tag and is none."""
_SCRIPT = re.compile(r"<script\b|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
_PICTURE = re.compile(r"<img\b[^<>]*?\ssrc\s*=\s*[\"']?(?!https?:|%|\{\{|data:)([^\"'<>\s]+)", re.IGNORECASE)
_IN_HTML = frozenset({"html"})
MOST_FINDINGS = 50


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a place: a pointer into the message, the character there, and the block."""

    level: Literal["error", "warning"]
    code: str
    message: str
    pointer: str
    position: int = 0
    block_id: str = ""

    @property
    def where(self) -> str:
        """The place in words."""
        part = self.pointer.strip("/").partition("/")[0]
        if part in ("subject", "preheader"):
            return f"In the {part}"
        return f"In block {self.block_id}" if self.block_id else "In the message"


@dataclass(frozen=True, slots=True)
class _Place:
    """A text of the message."""

    pointer: str
    block_id: str
    text: str
    is_html: bool


@dataclass(slots=True)
class _Reader:
    """Reads texts in their order; conditions that are still open go on into the next."""

    columns: Columns
    found: list[Finding] = field(default_factory=list[Finding])
    pairing: Pairing = field(default_factory=Pairing)

    def read(self, place: _Place) -> None:
        position = 0
        for tag in read_tags(place.text, self.columns, is_html=place.is_html):
            self._loose(place, position, tag.start)
            position = tag.end
            if tag.error:
                self._note("error", "messages.tag_broken", tag.error, place, tag.start)
            elif isinstance(tag.part, Branch):
                self._branch(place, tag, tag.part)
            self._unknown(place, tag)
        self._loose(place, position, len(place.text))
        if place.is_html and (script := _SCRIPT.search(place.text)):
            words = "Scripts do not run in mail; they are left out."
            self._note("warning", "messages.script", words, place, script.start())

    def look_at_pictures(self, place: _Place) -> None:
        """Recipients see only what has a full address."""
        for found in _PICTURE.finditer(place.text):
            words = f"The picture “{found[1][:80]}” has no full address; upload it to the image library."
            self._note("warning", "messages.image_address", words, place, found.start())

    def end(self) -> None:
        """No condition may be open any more."""
        for tag, place, _ in self.pairing.open:
            self._note(
                "error", "messages.condition_open", f"“{tag.text}” has no end.", cast("_Place", place), tag.start
            )
        self.pairing = Pairing()
        self.columns.scope.begin()

    def _branch(self, place: _Place, tag: Tag, branch: Branch) -> None:
        wrong = self.pairing.take(tag, branch, place)
        if wrong:
            self._note("error", "messages.condition_misplaced", wrong, place, tag.start)

    def _loose(self, place: _Place, start: int, end: int) -> None:
        found = _LOOSE.search(place.text, start, end)
        if found is not None:
            words = f"“{found[0].strip()}” looks like a tag, but cannot be read as one."
            self._note("error", "messages.tag_broken", words, place, found.start())

    def _unknown(self, place: _Place, tag: Tag) -> None:
        for name in self.columns.unknown:
            words = f"Nothing is known as {name}; it will be left out."
            self._note("warning", "messages.tag_unknown", words, place, tag.start)
        self.columns.unknown.clear()

    def _note(self, level: Literal["error", "warning"], code: str, words: str, place: _Place, position: int) -> None:
        known = any((item.message, item.pointer) == (words, place.pointer) for item in self.found)
        if not known and len(self.found) < MOST_FINDINGS:
            self.found.append(Finding(level, code, words, place.pointer, position, place.block_id))


async def check_message(
    tx: ReadTx, *, document: Mapping[str, Any], subject: str = "", preheader: str = ""
) -> list[Finding]:
    """Everything found, errors first. Raises Invalid or TemplateBroken where the document has not the right shape."""
    parsed = parse_document(dict(document))
    known = await list_columns(tx)
    rendered = render(parsed, preheader=preheader)
    columns = Columns(
        known, condition_count=len(rendered.conditions), constants=Constants(tx.now.date(), SAMPLE_SENDER)
    )
    # Markup around the blocks weighs too: what passes here passes when it is compiled.
    columns.scope.most_text //= 4
    reader = _Reader(columns)
    for pointer, text in (("/subject", subject), ("/preheader", preheader)):
        reader.read(_Place(pointer, "", text, is_html=False))
        reader.end()
    for place in _places(parsed):
        reader.read(place)
        if isinstance(parsed, HtmlDocument) and place.is_html:
            reader.look_at_pictures(place)
        if not isinstance(parsed, BlocksDocument):
            reader.end()
    reader.end()
    blocks = {block.id: path for block, path, _ in _walk(parsed)}
    for block_id, words in rendered.problems:
        reader.found.append(
            Finding("warning", "messages.block_incomplete", words, blocks.get(block_id, ""), 0, block_id)
        )
    return sorted(reader.found, key=lambda item: item.level != "error")


def refuse_broken(findings: Sequence[Finding]) -> None:
    """Raise the first error, with its place."""
    for item in findings:
        if item.level == "error":
            raise TemplateBroken(message=item.message, pointer=item.pointer)


def _walk(document: Document) -> Iterator[tuple[Any, str, tuple[Any, ...]]]:
    return walk(document.blocks, "/document/blocks") if isinstance(document, BlocksDocument) else iter(())


def _places(document: Document) -> Iterator[_Place]:
    """Every text of the document, in reading order."""
    if not isinstance(document, BlocksDocument):
        if isinstance(document, HtmlDocument):
            yield _Place("/document/html", "", document.html, is_html=True)
        elif isinstance(document, MjmlDocument):
            yield _Place("/document/mjml", "", document.mjml, is_html=True)
        elif isinstance(document, MarkdownDocument):
            yield _Place("/document/markdown", "", document.markdown, is_html=False)
        yield _Place("/document/text", "", document.text, is_html=False)
        return
    for block, path, _ in _walk(document):
        if hasattr(block, "props"):
            yield from _texts(msgspec.to_builtins(block.props), f"{path}/props", block.id, is_html=False)


def _texts(value: object, pointer: str, block_id: str, *, is_html: bool) -> Iterator[_Place]:
    if isinstance(value, str):
        yield _Place(pointer, block_id, value, is_html)
    elif isinstance(value, dict):
        for name, inner in cast("dict[str, object]", value).items():
            yield from _texts(inner, f"{pointer}/{name}", block_id, is_html=name in _IN_HTML)
    elif isinstance(value, list):
        for number, inner in enumerate(cast("list[object]", value)):
            yield from _texts(inner, f"{pointer}/{number}", block_id, is_html=is_html)


async def list_broken(tx: ReadTx, message_ids: Sequence[int]) -> dict[int, str]:
    """Those of the messages that cannot be sent, each with its name, the first reason and where that is."""
    rows = await tx.all(
        sql(
            """
            select id, name, document, subject, preheader from messages.message
            where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            ids=sorted(set(message_ids)),
        )
    )
    broken: dict[int, str] = {}
    for row in rows:
        name = row["name"]
        try:
            # lint: no-row-loops because a turn is a message, not a recipient
            found = await check_message(
                tx, document=row["document"], subject=row["subject"], preheader=row["preheader"]
            )
        except Failure as failure:
            broken[row["id"]] = f"“{name}” cannot be sent: {failure.detail}"
            continue
        first = next((item for item in found if item.level == "error"), None)
        if first is not None:
            broken[row["id"]] = f"“{name}” cannot be sent. {first.where}: {first.message}"
    return broken
