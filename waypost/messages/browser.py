"""A message for the browser: what the mail shows, with the recipient's links, as one page of HTML."""

from __future__ import annotations

import html as html_lib
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from waypost.kernel.tx import ReadTx
from waypost.messages.compile import text_function
from waypost.messages.constants import Constants
from waypost.messages.document import parse_document
from waypost.messages.links import mark_html_links
from waypost.messages.queries import get_recipient_row, list_columns, list_links
from waypost.messages.render import Rendered, render
from waypost.messages.template import Address, Columns, parse_template
from waypost.messages.wire import HTML_ESCAPES

KEPT = 64
_rendered: OrderedDict[tuple[int, int, int], Rendered] = OrderedDict()
"""By workspace, message and revision, which never change: drawing is dear, and the page is public."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A revision of a message."""

    message_id: int
    revision: int
    subject: str
    preheader: str
    document: dict[str, Any]


async def show_message(
    read: ReadTx, shown: Shown, *, contact_id: int | None, constants: Constants, base_url: str, token: str
) -> str:
    """With the contact's values, or empty ones where there is no contact; raises TemplateBroken."""
    rendered = _draw(read.workspace_id, shown)
    numbers = {link.url: link.number for link in await list_links(read, shown.message_id)}
    known = await list_columns(read)
    count = len(rendered.conditions)
    columns = Columns(known, condition_count=count, constants=constants)
    html = parse_template(mark_html_links(rendered.html, numbers.__getitem__), columns, is_html=True)
    title = parse_template(shown.subject, columns, is_html=False)
    row = None
    if contact_id is not None:
        row = await get_recipient_row(read, contact_id, columns.used, rendered.conditions, known)
    if row is None:
        row = ("", *("" for _ in columns.used), *(False for _ in rendered.conditions))

    def address(part: Address) -> str:
        return html_lib.escape(f"{base_url}{part.prefix}{token}{part.suffix}")

    page = text_function(html, columns, count, escape=lambda value: value.translate(HTML_ESCAPES), address=address)(row)
    subject = text_function(title, columns, count)(row)
    return _titled(page, subject)


def _draw(workspace_id: int, shown: Shown) -> Rendered:
    key = (workspace_id, shown.message_id, shown.revision)
    found = _rendered.get(key)
    if found is None:
        found = _rendered[key] = render(parse_document(shown.document), preheader=shown.preheader)
        while len(_rendered) > KEPT:
            _rendered.popitem(last=False)
    return found


def _titled(page: str, subject: str) -> str:
    """The subject names the tab; without a doctype the page would be drawn in the manner of old browsers."""
    title = f"<title>{html_lib.escape(subject)}</title>"
    lower = page.lower()
    begin, end = lower.find("<title>"), lower.find("</title>")
    if 0 <= begin < end:
        page = page[:begin] + title + page[end + len("</title>") :]
    elif "<head>" in lower:
        place = lower.find("<head>") + len("<head>")
        page = page[:place] + title + page[place:]
    else:
        page = title + page
    return page if "<!doctype" in lower[:200] else "<!doctype html>\n" + page
