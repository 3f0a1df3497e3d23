"""Templates: messages that were saved to begin others with, and the ready ones, which stay."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.envelope import Answer, Links, Row, meta
from waypost.dialects.activecampaign.errors import Forbidden
from waypost.dialects.activecampaign.paging import cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.messages.document import parse_document
from waypost.messages.errors import TemplateNotFound
from waypost.messages.ready import Template, load_templates
from waypost.messages.render import render
from waypost.messages.saved_templates import delete_template, get_saved_template, list_saved_templates
from waypost.messages.types import SavedTemplate

routes = Routes()
_LINKS = Links("templates", ("templateLists",))


def _number(one: SavedTemplate | Template) -> int:
    return one.number if isinstance(one, Template) else one.id


def _row(call: Read, one: SavedTemplate | Template) -> Row:
    document: dict[str, Any] = one.document
    made_at: datetime | None = None if isinstance(one, Template) else one.created_at
    content = render(parse_document(document), preheader=one.preheader).html
    return {
        "userid": "0",
        "ed_instanceid": "0",
        "ed_version": "3",
        "name": one.name,
        "subject": one.subject,
        "content": content,
        "categoryid": "0",
        "used": "0",
        "waitpreview": "0",
        "importnum": "0",
        "mdate": call.iso(made_at),
        "preview_content": "",
        "modified": "0",
        "hidden": "0",
        "screenshot": "",
        "links": _LINKS.of(call.base, _number(one)),
        "id": str(_number(one)),
    }


def _ready(number: int) -> Template | None:
    return next((one for one in load_templates() if one.number == number), None)


@routes.get("/templates")
async def list_templates(call: Read) -> Answer:
    """The ready ones, then those saved, by id."""
    saved = sorted(await list_saved_templates(call.tx), key=_number)
    found = [*sorted(load_templates(), key=_number), *saved]
    return Answer({"templates": [_row(call, one) for one in cut(found, call.query)], "meta": meta(len(found))})


@routes.get("/templates/{id}")
async def read_template(call: Read) -> Answer:
    return Answer({"template": _row(call, _ready(call.id) or await get_saved_template(call.tx, call.id))})


@routes.delete("/templates/{id}")
async def remove_template(call: Write) -> Answer:
    try:
        await delete_template(call.tx, call.id)
    except TemplateNotFound:
        if _ready(call.id) is None:
            raise
        raise Forbidden(message="A template that comes with the package cannot be deleted") from None
    return Answer({})
