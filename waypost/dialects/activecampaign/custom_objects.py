"""Schemas of custom objects: private, public and child."""

from __future__ import annotations

from typing import Any

from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.custom_object_rows import (
    THEIRS,
    fields_sent,
    labels_sent,
    relationships_sent,
    schema_places,
    schema_row,
    whole_meta,
)
from waypost.dialects.activecampaign.envelope import Answer
from waypost.dialects.activecampaign.errors import missing
from waypost.dialects.activecampaign.paging import Query, cut, matches
from waypost.dialects.activecampaign.routing import Routes
from waypost.objects.actions.schemas import create_child, create_schema, delete_field, delete_schema, update_schema
from waypost.objects.queries.schemas import get_schema, list_schemas
from waypost.objects.types import Schema, Visibility

routes = Routes()


def _is_wanted(schema: Schema, query: Query) -> bool:
    """filters[slug][eq] and its like; those of relationships have to hold for one and the same."""
    if not (
        matches(schema.slug, query.filters.get("slug", {}))
        and matches(schema.visibility, query.filters.get("visibility", {}))
    ):
        return False
    ids, namespaces = (query.filters.get(f"relationships.{name}", {}) for name in ("id", "namespace"))
    return not (ids or namespaces) or any(
        matches(one.id, ids) and matches(THEIRS[one.namespace], namespaces) for one in schema.relationships
    )


@routes.get("/customObjects/schemas")
async def read_schemas(call: Read) -> Answer:
    found = [one for one in await list_schemas(call.tx) if _is_wanted(one, call.query)]
    found.sort(key=lambda schema: schema.id)
    rows = [schema_row(schema, call) for schema in cut(found, call.query)]
    return Answer({"schemas": rows, "meta": whole_meta(len(found), len(rows), call)})


async def _made(call: Write, visibility: Visibility) -> Schema:
    sent = call.inner("schema")
    singular, plural = labels_sent(sent)
    if not (sent.text("slug") or "").strip():
        raise missing("schema/slug")
    with schema_places():
        return await create_schema(
            call.tx,
            slug=sent.text("slug"),
            singular=singular or "",
            plural=plural or singular or "",
            description=sent.text("description") or "",
            icon=_icon(sent) or "",
            fields=fields_sent(sent, []) or [],
            relationships=relationships_sent(sent, []) or [],
            visibility=visibility,
            app_id=sent.text("appId") or "",
        )


def _icon(sent: Sent) -> str | None:
    icons: object = sent.get("icons")
    return Sent(icons).text("default") if isinstance(icons, dict) else None  # pyright: ignore[reportUnknownArgumentType]


@routes.post("/customObjects/schemas")
async def post_schema(call: Write) -> Answer:
    return Answer({"schema": schema_row(await _made(call, "private"), call)}, 201)


@routes.post("/customObjects/schemas/public")
async def post_public_schema(call: Write) -> Answer:
    return Answer({"schema": schema_row(await _made(call, "public"), call)})


@routes.get("/customObjects/schemas/{id}")
async def read_schema(call: Read) -> Answer:
    return Answer({"schema": schema_row(await get_schema(call.tx, call.id), call)})


@routes.put("/customObjects/schemas/{id}")
async def put_schema(call: Write) -> Answer:
    sent, schema = call.inner("schema"), await get_schema(call.tx, call.id)
    singular, plural = labels_sent(sent)
    with schema_places():
        wanted: dict[str, Any] = {
            "slug": sent.text("slug") or None,
            "singular": singular,
            "plural": plural,
            "description": sent.text("description"),
            "icon": _icon(sent),
            "fields": fields_sent(sent, schema.fields),
            "relationships": relationships_sent(sent, schema.relationships),
        }
        changes = {name: value for name, value in wanted.items() if value is not None}
        return Answer({"schema": schema_row(await update_schema(call.tx, call.id, changes), call)})


@routes.delete("/customObjects/schemas/{id}")
async def remove_schema(call: Write) -> Answer:
    await delete_schema(call.tx, call.id)
    return Answer({})


@routes.post("/customObjects/schemas/{id}/child")
async def post_child(call: Write) -> Answer:
    return Answer({"schema": schema_row(await create_child(call.tx, call.id), call)})


@routes.delete("/customObjects/schemas/{id}/fields/{text}")
async def remove_field(call: Write) -> Answer:
    return Answer({"schema": schema_row(await delete_field(call.tx, call.id, call.path[1]), call)}, 202)
