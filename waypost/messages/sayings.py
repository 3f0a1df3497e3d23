"""Message variables in texts: their words take the place of their tags before anything else is read."""

from __future__ import annotations

import html
import re
from collections.abc import Collection, Sequence

from waypost.messages.types import Column

_MARKUP = re.compile(r"<(style|script|head)\b.*?</\1\s*>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_BREAK = re.compile(r"<br\s*/?>|</(?:p|div|h[1-6]|li|tr)\s*>", re.IGNORECASE)


class Sayings:
    """What variables say. What a contact has goes before them, should a field get a variable's tag later."""

    def __init__(self, known: Sequence[Column], of_contacts: Collection[str]) -> None:
        said = [column for column in known if column.text is not None]
        self._by_tag = {column.tag.upper(): column for column in said if column.tag.upper() not in of_contacts}
        tags = "|".join(re.escape(tag) for tag in self._by_tag)
        self._tag = re.compile(rf"%({tags})(?:\|[^%|<>]{{0,200}})?%") if tags else None

    def find(self, name: str) -> str | None:
        """A variable's words without markup."""
        column = self._by_tag.get(name)
        return None if column is None else _words(column, is_html=False)

    def fill(self, text: str, *, is_html: bool) -> str:
        """The text with the words in the place of the tags."""
        if self._tag is None:
            return text
        return self._tag.sub(lambda found: _words(self._by_tag[found[1]], is_html=is_html), text)


def _words(column: Column, *, is_html: bool) -> str:
    words = column.text or ""
    if is_html:
        return words if column.is_html else "<br>".join(html.escape(line, quote=False) for line in words.split("\n"))
    return html.unescape(_MARKUP.sub("", _BREAK.sub("\n", words))).strip() if column.is_html else words
