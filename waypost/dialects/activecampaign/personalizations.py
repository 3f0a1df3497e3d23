"""Message variables: words under a tag that are the same in every message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from waypost.contacts.queries.lists import name_lists
from waypost.dialects.activecampaign import coerce
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import POINTER, Unreadable
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.errors import NoResult, message
from waypost.dialects.activecampaign.paging import cut, matches
from waypost.dialects.activecampaign.routing import Routes
from waypost.kernel.errors import Invalid, Problem
from waypost.messages.types import Variable
from waypost.messages.variables import (
    create_variable,
    delete_variables,
    get_variable,
    list_variables,
    set_lock,
    update_variable,
)

routes = Routes({"list_ids": "listids"})
_SORTED: dict[str, Callable[[Variable], str]] = {
    "format": lambda one: one.format,
    "tag": lambda one: one.tag,
    "name": lambda one: one.name.lower(),
    "content": lambda one: one.content.lower(),
}


async def _list_names(call: Read, found: list[Variable]) -> dict[int, str]:
    wanted = sorted({list_id for one in found for list_id in one.list_ids})
    return await name_lists(call.tx, wanted)


def _row(one: Variable, names: dict[int, str]) -> Row:
    """A list that has been deleted is left out."""
    lists = [list_id for list_id in one.list_ids if list_id in names]
    return {
        "name": one.name,
        "tag": one.tag,
        "format": one.format,
        "content": one.content,
        "listIds": ",".join(str(list_id) for list_id in lists),
        "listNames": ", ".join(names[list_id] for list_id in lists),
        "listsCount": str(len(lists)),
        "isLocked": one.is_locked,
        "links": [],
        "id": str(one.id),
    }


async def _answer(call: Read, one: Variable) -> Answer:
    return Answer({"personalization": _row(one, await _list_names(call, [one]))})


def _passes(call: Read, one: Variable, names: dict[int, str]) -> bool:
    """filter[name] and its like find parts of the text."""
    row = _row(one, names)
    columns = {"name": "name", "tag": "tag", "content": "content", "format": "format", "listName": "listNames"}
    for sent, column in columns.items():
        wanted = call.query.filters.get(sent)
        asked = {("contains" if operator == "eq" else operator): text for operator, text in (wanted or {}).items()}
        if asked and not matches(str(row[column]), asked):
            return False
    return True


@routes.get("/personalizations")
async def list_personalizations(call: Read) -> Answer:
    found = await list_variables(call.tx)
    names = await _list_names(call, found)
    found = [one for one in found if _passes(call, one, names)]
    for column, is_down in reversed(call.query.orders):
        if column in _SORTED:
            found.sort(key=_SORTED[column], reverse=is_down)
    rows = [_row(one, names) for one in cut(found, call.query)]
    return Answer({"personalizations": rows, "meta": meta(len(found))})


def _given(sent: Sent) -> dict[str, Any]:
    found: dict[str, Any] = {name: sent.text(name) for name in ("tag", "name", "content") if sent.has(name)}
    shape = sent.text("format")
    if shape is not None:
        if shape not in ("text", "html"):
            raise Invalid([Problem(POINTER + "format", "format is text or html.", "field_invalid")])
        found["format"] = shape
    if sent.has("listids", "listIds"):
        given = sent.get("listids", "listIds")
        items = cast("list[Any]", given) if isinstance(given, list) else coerce.text(given).split(",")
        found["list_ids"] = [coerce.integer(item, "listids") for item in items if coerce.text(item).strip()]
    return found


@routes.post("/personalizations")
async def post_personalization(call: Write) -> Answer:
    sent = call.inner("personalization")
    sent.require("tag")
    return await _answer(call, await create_variable(call.tx, **_given(sent)))


@routes.get("/personalizations/{id}")
async def read_personalization(call: Read) -> Answer:
    return await _answer(call, await get_variable(call.tx, call.id))


@routes.put("/personalizations/{id}")
async def put_personalization(call: Write) -> Answer:
    return await _answer(call, await update_variable(call.tx, call.id, **_given(call.inner("personalization"))))


@routes.put("/personalizations/{id}/lock")
async def lock(call: Write) -> Answer:
    await set_lock(call.tx, call.id, is_locked=True)
    return Answer({"success": True, "message": "Locked"})


@routes.put("/personalizations/{id}/unlock")
async def unlock(call: Write) -> Answer:
    await set_lock(call.tx, call.id, is_locked=False)
    return Answer({"success": True, "message": "Unlocked"})


@routes.delete("/personalizations/{id}")
async def remove_personalization(call: Write) -> Answer:
    """Documented with 400 where there is none."""
    if not await delete_variables(call.tx, [call.id]):
        return message(400, NoResult(model="Personalization", id=call.id).detail)
    return Answer({})


@routes.delete("/personalizations/bulkdelete")
async def remove_personalizations(call: Write) -> Answer:
    """`?ids=1,2`; those that are gone already do not matter."""
    given = [*call.query.text("ids").split(","), *call.query.many.get("ids", ())]
    wanted = [item.strip() for item in given if item.strip()]
    if not wanted:
        raise Unreadable("ids", "ids is required.")
    await delete_variables(call.tx, [coerce.integer(item, "ids") for item in wanted])
    return Answer({})
