"""Messages: those written as HTML are stored as such; those of blocks are shown as what they render to."""

from __future__ import annotations

from html import escape
from typing import Any

from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.campaign_rows import message_row
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.errors import NoResult
from waypost.dialects.activecampaign.paging import cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.messages.actions import create_message, delete_message, update_message
from waypost.messages.document import parse_document
from waypost.messages.errors import MessageNotFound
from waypost.messages.queries import get_message, list_messages
from waypost.messages.render import render
from waypost.messages.types import Message

routes = Routes({"from_name": "fromname", "from_email": "fromemail", "reply_to": "reply2", "document": "html"})
ENOUGH = 10_000
_COLUMNS = {
    "name": "name",
    "subject": "subject",
    "preheader": "preheader_text",
    "from_name": "fromname",
    "from_email": "fromemail",
    "reply_to": "reply2",
}


def contents_of(message: Message) -> tuple[str, str]:
    """A message as HTML, which is what was stored where it was written so, and as text; both with their tags."""
    rendered = render(parse_document(message.document), preheader=message.preheader)
    source = message.document.get("html")
    return source if isinstance(source, str) else rendered.html, rendered.text


def _row(call: Read, message: Message) -> Row:
    html, text = contents_of(message)
    return message_row(call, message, html=html, text=text)


async def _find(call: Read) -> Message:
    try:
        return await get_message(call.tx, call.id)
    except MessageNotFound as failure:
        raise NoResult(model="Message", id=call.id) from failure


def _given(sent: Sent) -> dict[str, Any]:
    """What was sent, by our names; text without HTML becomes paragraphs."""
    found: dict[str, Any] = {name: sent.text(column) for name, column in _COLUMNS.items() if sent.has(column)}
    html, text = sent.text("html"), sent.text("text")
    if html is None and text:
        html = "".join(f"<p>{escape(part)}</p>" for part in text.split("\n\n") if part.strip())
    if html is not None:
        found["document"] = {"version": 1, "kind": "html", "html": html}
    return found


@routes.get("/messages")
async def list_all_messages(call: Read) -> Answer:
    found = (await list_messages(call.tx, limit=ENOUGH)).items
    ordered = sorted(found, key=lambda message: message.id)
    rows = [_row(call, message) for message in cut(ordered, call.query)]
    return Answer({"messages": rows, "meta": meta(len(ordered))})


@routes.post("/messages")
async def post_message(call: Write) -> Answer:
    sent = call.inner("message")
    sent.require("fromname", "fromemail", "reply2")
    given = _given(sent)
    given["name"] = given.get("name") or given.get("subject") or "Message"
    return Answer({"message": _row(call, await create_message(call.tx, **given))}, 201)


@routes.get("/messages/{id}")
async def read_message(call: Read) -> Answer:
    return Answer({"message": _row(call, await _find(call))})


@routes.put("/messages/{id}")
async def put_message(call: Write) -> Answer:
    message = await _find(call)
    given = _given(call.inner("message"))
    # A name that says nothing leaves the one there is.
    given["name"] = given.get("name") or message.name
    return Answer({"message": _row(call, await update_message(call.tx, message.id, **given))})


@routes.delete("/messages/{id}")
async def remove_message(call: Write) -> Answer:
    message = await _find(call)
    await delete_message(call.tx, message.id)
    return Answer({})
