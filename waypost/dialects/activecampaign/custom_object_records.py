"""Records of custom objects, by their own ids and by external ids."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import integer
from waypost.dialects.activecampaign.custom_object_rows import record_places, record_row, whole_meta
from waypost.dialects.activecampaign.envelope import Answer
from waypost.dialects.activecampaign.errors import ParameterMissing
from waypost.dialects.activecampaign.paging import Query
from waypost.dialects.activecampaign.routing import Routes
from waypost.objects.actions.records import delete_records, upsert_record
from waypost.objects.queries.records import get_record, get_record_by_external_id, list_records_from
from waypost.objects.queries.schemas import get_schema
from waypost.objects.types import RecordInput

routes = Routes()
BY_RELATIONSHIP = "relationships."


def _related_asked(query: Query) -> dict[str, int]:
    """filters[relationships.primary-contact][eq]=1"""
    found: dict[str, int] = {}
    for column, wanted in query.filters.items():
        if not column.startswith(BY_RELATIONSHIP):
            continue
        value = wanted.get("eq", "").strip()
        if not value.isdigit() or len(value) > 18:
            raise ParameterMissing(parameter=f"filters[{column}]", detail="The value must be an id.")
        found[column.removeprefix(BY_RELATIONSHIP)] = int(value)
    return found


@routes.get("/customObjects/records/{id}")
async def read_records(call: Read) -> Answer:
    schema = await get_schema(call.tx, call.id)
    found, total = await list_records_from(
        call.tx,
        schema.id,
        related=_related_asked(call.query),
        external_id=call.query.filter("externalId"),
        limit=call.query.limit(),
        offset=call.query.offset,
    )
    rows = [record_row(record, schema, call) for record in found]
    return Answer({"records": rows, "meta": whole_meta(total, len(rows), call)})


def _values(sent: Sent) -> dict[str, object]:
    """[{id, value}, …]; an object {id: value} is understood too."""
    given = sent.get("fields")
    if isinstance(given, dict):
        return cast("dict[str, object]", given)
    items = cast("list[object]", given) if isinstance(given, list) else []
    found: dict[str, object] = {}
    for item in items:
        one = Sent(cast("dict[str, Any]", item) if isinstance(item, dict) else {})
        found[one.text("id") or ""] = one.get("value")
    return found


def _related(sent: Sent) -> dict[str, list[int]]:
    """{relationship: [ids]}, or such objects in a list."""
    given = sent.get("relationships")
    parts = cast("list[object]", given) if isinstance(given, list) else [given]
    found: dict[str, list[int]] = {}
    for part in parts:
        for name, ids in cast("Mapping[str, object]", part if isinstance(part, dict) else {}).items():
            listed = cast("list[object]", ids) if isinstance(ids, list) else [] if ids is None else [ids]
            found[name] = [integer(one, name) for one in listed]
    return found


@routes.post("/customObjects/records/{id}")
async def post_record(call: Write) -> Answer:
    sent, schema = call.inner("record"), await get_schema(call.tx, call.id)
    given = RecordInput(
        id=integer(sent.get("id"), "id") if sent.get("id") not in (None, "") else None,
        external_id=sent.text("externalId"),
        fields=_values(sent),
        related=_related(sent),
    )
    with record_places():
        record = await upsert_record(call.tx, schema.id, given)
    return Answer({"record": record_row(record, schema, call)}, 201)


@routes.get("/customObjects/records/{id}/{id}")
async def read_record(call: Read) -> Answer:
    schema = await get_schema(call.tx, call.id)
    record = await get_record(call.tx, int(call.path[1]), schema_id=schema.id)
    return Answer({"record": record_row(record, schema, call)})


@routes.delete("/customObjects/records/{id}/{id}")
async def remove_record(call: Write) -> Answer:
    record = await get_record(call.tx, int(call.path[1]), schema_id=call.id)
    await delete_records(call.tx, record.schema_id, [record.id])
    return Answer({}, 202)


@routes.get("/records/{id}/external/{text}")
@routes.get("/customObjects/records/{id}/external/{text}")
async def read_external_record(call: Read) -> Answer:
    schema = await get_schema(call.tx, call.id)
    record = await get_record_by_external_id(call.tx, schema.id, call.path[1])
    return Answer({"record": record_row(record, schema, call)})


@routes.delete("/customObjects/records/{id}/external/{text}")
async def remove_external_record(call: Write) -> Answer:
    schema = await get_schema(call.tx, call.id)
    record = await get_record_by_external_id(call.tx, schema.id, call.path[1])
    await delete_records(call.tx, schema.id, [record.id])
    return Answer({}, 202)
