"""A message drawn to lay figures over its links: sample values, and in the place of each address the link's number."""

from __future__ import annotations

import re

from waypost.kernel.tx import ReadTx
from waypost.messages.compile import text_function
from waypost.messages.constants import SAMPLE_SENDER, Constants
from waypost.messages.document import parse_document
from waypost.messages.links import mark_html_links
from waypost.messages.preview import sample_row
from waypost.messages.queries import list_columns, list_links
from waypost.messages.render import render
from waypost.messages.template import Address, Branch, Columns, parse_template
from waypost.messages.types import Message
from waypost.messages.wire import HTML_ESCAPES

PLACE = "#link-"
UNKNOWN = 0
_POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; img-src * data:; '
    "style-src 'unsafe-inline' https:; font-src https: data:\">"
)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)


async def draw_link_map(read: ReadTx, message: Message) -> str:
    """A page of HTML whose tracked links lead to `#link-<number>`, all others nowhere; nothing in it runs."""
    rendered = render(parse_document(message.document), preheader=message.preheader)
    numbers = {link.url: link.number for link in await list_links(read, message.id)}
    known = await list_columns(read)
    count = len(rendered.conditions)
    columns = Columns(known, condition_count=count, constants=Constants(read.now.date(), SAMPLE_SENDER))
    marked = mark_html_links(rendered.html, lambda url: numbers.get(url, UNKNOWN))
    # Every branch is drawn, so that no link is missing; loops go once around for the sample.
    parts = [
        part
        for part in parse_template(marked, columns, is_html=True)
        if not isinstance(part, Branch) or part.kind == "for"
    ]

    def address(part: Address) -> str:
        return PLACE + part.suffix.removeprefix("/") if part.prefix == "/c/" else "#"

    draw = text_function(parts, columns, count, escape=lambda value: value.translate(HTML_ESCAPES), address=address)
    return _guarded(draw(sample_row(read, columns.used, known, count)))


def _guarded(page: str) -> str:
    """With a policy under which nothing runs, however the message was written."""
    head = _HEAD.search(page)
    if head is None:
        return f"<!doctype html><html><head>{_POLICY}</head><body>{page}</body></html>"
    before = page[: head.start()]
    # Whatever a message puts before its head would be read before the policy.
    return (
        ("<!doctype html><html>" if "<html" not in before.lower() else _plain(before))
        + head[0]
        + _POLICY
        + page[head.end() :]
    )


def _plain(before: str) -> str:
    """The doctype and the opening of the page, and nothing else."""
    opening = re.search(r"<html\b[^>]*>", before, re.IGNORECASE)
    return "<!doctype html>" + (opening[0] if opening else "<html>")
