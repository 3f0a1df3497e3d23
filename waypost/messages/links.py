"""Addresses in a message are numbered, and mails carry the number: nobody can be sent elsewhere."""

from __future__ import annotations

import html as html_lib
import re
from collections.abc import Callable

_HREF = re.compile(r"""(<a\b[^>]*?\shref\s*=\s*)("([^"]*)"|'([^']*)')""", re.IGNORECASE)
BARE = re.compile(r"https?://(?:[^\s<>()\"'{]|\{\{[^{}]+\}\})*(?:[^\s<>()\"'{.,;:!?]|\{\{[^{}]+\}\})")


def mark_html_links(html: str, number_of: Callable[[str], int]) -> str:
    """Replace the address of every web link by a mark that becomes the tracked address."""

    def replace(found: re.Match[str]) -> str:
        url = html_lib.unescape(found[3] if found[3] is not None else found[4]).strip()
        return f'{found[1]}"%WAYPOST:LINK:{number_of(url)}%"' if is_trackable(url) else found[0]

    return _HREF.sub(replace, html)


def mark_text_links(text: str, number_of: Callable[[str], int]) -> str:
    """The same for addresses standing in plain text."""
    return BARE.sub(lambda found: f"%WAYPOST:LINK:{number_of(found[0])}%", text)


def is_trackable(url: str) -> bool:
    """Web addresses only; unsubscribing, mail and telephone links stay as they are."""
    return url.lower().startswith(("http://", "https://")) and "%UNSUBSCRIBE" not in url.upper()


def urls_in(html: str, text: str) -> list[str]:
    """Every address to number, in reading order, once each."""
    found: dict[str, None] = {}

    def note(url: str) -> int:
        found.setdefault(url)
        return 0

    mark_html_links(html, note)
    mark_text_links(text, note)
    return list(found)
