"""Tags."""

from __future__ import annotations

from waypost.contacts.actions.tags import create_tag, delete_tag, update_tag
from waypost.contacts.queries.numbered import NameFilter, Slice, list_tags_from
from waypost.contacts.queries.tags import get_tag
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.envelope import Answer, meta
from waypost.dialects.activecampaign.paging import Query
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import tag_row

routes = Routes({"name": "tag"})

_CREATED = ("tag", "description", "tagType", "cdate", "links", "id")


def name_filter(query: Query, *columns: str) -> NameFilter:
    """`search=x`, `filters[column]=x` and `filters[column][operator]=x`, for collections known by name."""
    given = next((query.filters[column] for column in columns if column in query.filters), {})
    return NameFilter(
        contains=query.text("search") or given.get("contains", ""),
        starts_with=given.get("starts_with", ""),
        equals=given.get("eq", ""),
    )


@routes.get("/tags")
async def list_tags(call: Read) -> Answer:
    rows = Slice(call.query.limit(), call.query.offset)
    tags, total = await list_tags_from(call.tx, rows, name_filter(call.query, "tag", "search", "name"))
    return Answer({"tags": [tag_row(tag, call.base, call.zone) for tag in tags], "meta": meta(total)})


@routes.post("/tags")
async def post_tag(call: Write) -> Answer:
    sent = call.inner("tag")
    sent.require("tag")
    tag = await create_tag(call.tx, name=sent.text("tag") or "", description=sent.text("description") or "")
    row = tag_row(tag, call.base, call.zone)
    kind = sent.text("tagType") or row["tagType"]
    return Answer({"tag": {**{name: row[name] for name in _CREATED}, "tagType": kind}}, 201)


@routes.get("/tags/{id}")
async def read_tag(call: Read) -> Answer:
    return Answer({"tag": tag_row(await get_tag(call.tx, call.id), call.base, call.zone)})


@routes.put("/tags/{id}")
async def put_tag(call: Write) -> Answer:
    sent = call.inner("tag")
    await update_tag(call.tx, call.id, name=sent.text("tag"), description=sent.text("description"))
    return Answer({"tag": tag_row(await get_tag(call.tx, call.id), call.base, call.zone)})


@routes.delete("/tags/{id}")
async def remove_tag(call: Write) -> Answer:
    await delete_tag(call.tx, call.id)
    return Answer({})
