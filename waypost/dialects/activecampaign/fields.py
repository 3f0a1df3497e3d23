"""Custom fields with their options and relations.

Options are a plain list here: an option's id is made of its field's id and its place. A relation's is made
of the field's id and the list's; a field that is shown everywhere has one relation, to list 0.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from waypost.contacts.actions.fields import create_field, delete_field, update_field
from waypost.contacts.errors import ListNotFound
from waypost.contacts.queries.fields import find_field, get_field, list_fields
from waypost.contacts.types import Field, FieldType
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import Unreadable, flag, integer, text, unpair
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.errors import NoResult, missing, related_missing
from waypost.dialects.activecampaign.paging import MOST, cut, matches
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import field_option_rows, field_rel_row, field_rel_rows, field_row

routes = Routes({"name": "title"})

TYPES = (
    "text", "textarea", "date", "datetime", "dropdown", "multiselect", "listbox", "radio", "checkbox", "hidden",
    "currency", "number",
)  # fmt: skip
_CREATED = (
    "title", "type", "descript", "isrequired", "perstag", "defval", "visible", "created_by", "updated_by",
    "cdate", "udate", "links", "id",
)  # fmt: skip
_ECHOED = ("descript", "isrequired", "show_in_list", "rows", "cols", "visible", "service", "ordernum")


def _options(fields: Sequence[Field], call: Read) -> list[Row]:
    return [row for field in fields for row in field_option_rows(field, call.base, call.zone)]


@routes.get("/fields")
async def list_all_fields(call: Read) -> Answer:
    wanted = call.query.filters.get("perstag", {})
    named = call.query.filters.get("title", {})
    fields = await list_fields(call.tx)
    found = [
        field
        for field in fields
        if matches(field.key, {operator: value.strip("%") for operator, value in wanted.items()})
        and matches(field.name, named)
    ]
    page = cut(found, call.query, default=MOST)
    return Answer(
        {
            "fieldOptions": _options(page, call),
            "fieldRels": [row for field in page for row in field_rel_rows(field, call.zone)],
            "fields": [field_row(field, call.base, call.zone) for field in page],
            "meta": meta(len(found), selected=None),
        }
    )


def _type(sent: Sent) -> FieldType:
    kind = (sent.text("type") or "").lower()
    if kind not in TYPES:
        raise Unreadable("type", f"type must be one of {', '.join(TYPES)}.")
    return kind


@routes.post("/fields")
async def post_field(call: Write) -> Answer:
    sent = call.inner("field")
    sent.require("title", "type")
    field = await create_field(
        call.tx,
        name=sent.text("title") or "",
        type=_type(sent),
        key=(sent.text("perstag") or "").strip("%").upper() or None,
        is_required=flag(sent.get("isrequired")),
        is_visible=flag(sent.get("visible")) if sent.has("visible") else True,
        default_value=sent.get("defval") or None,
        may_lack_options=True,
    )
    row = field_row(field, call.base, call.zone)
    echo = {name: sent.values[name] for name in _ECHOED if name in sent.values}
    created = {**{name: row[name] for name in _CREATED}, "ordernum": field.position, **echo}
    return Answer({"fieldOptions": [], "fieldRels": [], "field": created}, 201)


@routes.get("/fields/{id}")
async def read_field(call: Read) -> Answer:
    field = await get_field(call.tx, call.id)
    return Answer(
        {
            "fieldOptions": _options([field], call),
            "fieldRels": field_rel_rows(field, call.zone),
            "field": field_row(field, call.base, call.zone),
        }
    )


@routes.put("/fields/{id}")
async def put_field(call: Write) -> Answer:
    """The type and the tag stay as they were made: values and messages depend on them."""
    sent = call.inner("field")
    changes: dict[str, object] = {}
    if sent.has("title"):
        changes["name"] = sent.text("title")
    if sent.has("defval"):
        changes["default_value"] = sent.get("defval") or None
    for column, name in (("isrequired", "is_required"), ("visible", "is_visible")):
        if sent.has(column):
            changes[name] = flag(sent.get(column))
    if sent.has("ordernum"):
        changes["position"] = integer(sent.get("ordernum"), "ordernum")
    field = await update_field(call.tx, call.id, changes)
    row = field_row(field, call.base, call.zone)
    return Answer({"field": {**row, **{name: sent.values[name] for name in _ECHOED if name in sent.values}}})


@routes.delete("/fields/{id}")
async def remove_field(call: Write) -> Answer:
    await delete_field(call.tx, call.id)
    return Answer({})


@routes.get("/fields/{id}/options")
async def list_options(call: Read) -> Answer:
    return Answer({"fieldOptions": _options([await get_field(call.tx, call.id)], call)})


@routes.get("/fields/{id}/relations")
async def list_relations(call: Read) -> Answer:
    return Answer({"fieldRels": field_rel_rows(await get_field(call.tx, call.id), call.zone)})


@routes.post("/fieldOption/bulk")
async def post_options(call: Write) -> Answer:
    return await _add_options(call)


@routes.post("/fieldOptions/bulk")
async def post_options_too(call: Write) -> Answer:
    return await _add_options(call)


async def _add_options(call: Write) -> Answer:
    """All of one request belong to one field in practice; each field named is written once."""
    sent = call.body.get("fieldOptions", [call.body])
    if not isinstance(sent, list) or not sent:
        raise missing("fieldOptions")
    items = [Sent(cast("dict[str, Any]", item)) for item in cast("list[object]", sent) if isinstance(item, dict)]
    added: dict[int, list[str]] = {}
    for item in sorted(
        items, key=lambda one: int(text(one.get("orderid")) or 0) if text(one.get("orderid")).isdigit() else 0
    ):
        added.setdefault(item.integer("field"), []).append(item.text("value", "label") or "")
    rows: list[Row] = []
    for field_id, values in added.items():
        before = await get_field(call.tx, field_id)  # lint: no-row-loops because one request names one field
        field = await update_field(call.tx, field_id, {"options": [*before.options, *values]})
        rows += [row for row in field_option_rows(field, call.base, call.zone) if row["value"] in values]
    return Answer({"fieldOptions": rows}, 201)


async def _option(call: Read) -> tuple[Field, Row]:
    field_id, _ = unpair(call.id)
    field = await find_field(call.tx, field_id)
    for row in () if field is None else field_option_rows(field, call.base, call.zone):
        if field is not None and row["id"] == call.path[0]:
            return field, row
    raise NoResult(model="FieldOption", id=call.id)


@routes.get("/fieldOptions/{id}")
async def read_option(call: Read) -> Answer:
    return Answer({"fieldOption": (await _option(call))[1]})


@routes.delete("/fieldOptions/{id}")
async def remove_option(call: Write) -> Answer:
    field, row = await _option(call)
    left = [option for option in field.options if option != row["value"]]
    await update_field(call.tx, field.id, {"options": left})
    return Answer({})


@routes.post("/fieldRels")
async def post_relation(call: Write) -> Answer:
    """Relation to list 0 shows the field everywhere, one to a list on that list, with those it is on."""
    sent = call.inner("fieldRel")
    field_id, list_id = sent.integer("field"), sent.integer("relid")
    field = await get_field(call.tx, field_id)
    try:
        wanted = [*field.list_ids, list_id] if list_id else []
        field = await update_field(call.tx, field_id, {"list_ids": wanted})
    except ListNotFound as failure:
        raise related_missing("relid", failure.detail) from failure
    return Answer({"fieldRel": field_rel_row(field, call.zone, list_id)}, 201)


@routes.get("/fieldRels/{id}")
async def read_relation(call: Read) -> Answer:
    field, list_id = await _related(call)
    return Answer({"fieldRel": field_rel_row(field, call.zone, list_id)})


@routes.delete("/fieldRels/{id}")
async def remove_relation(call: Write) -> Answer:
    """Without its last list a field is shown everywhere; that is what relation 0 says, which stays."""
    field, list_id = await _related(call)
    left = [number for number in field.list_ids if number != list_id]
    await update_field(call.tx, field.id, {"list_ids": left})
    return Answer({})


async def _related(call: Read) -> tuple[Field, int]:
    field_id, list_id = unpair(call.id)
    field = await find_field(call.tx, field_id)
    if field is None or list_id not in (field.list_ids or (0,)):
        raise NoResult(model="FieldRel", id=call.id)
    return field, list_id
