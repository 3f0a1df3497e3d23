"""Every route, native and v3, reads and writes, called by another workspace with ids of this one."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.house.every_call import Call, Document
from tests.house.test_stranger import MARK, _ids, stranger  # pyright: ignore[reportPrivateUsage]
from tests.house.v3_urls import v3_url
from tests.make import Client
from waypost.dialects.activecampaign.resources import ROUTES as V3_ROUTES
from waypost.kernel.db import Database
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")
__all__ = ["stranger"]


async def checksums(tx: Tx) -> dict[str, Any]:
    """What stands in every table of the workspace."""
    tables = await tx.all(
        sql(
            """
            select c.oid::regclass::text as name from pg_class c
            join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
            where c.relkind in ('r', 'p') and not c.relispartition order by 1
            """
        )
    )
    found: dict[str, Any] = {}
    for row in tables:
        found[row["name"]] = await tx.value(
            sql(
                """
                select count(*) || ':' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)
                from {table} as t where t.workspace_id = {workspace}
                """,
                table=Sql(row["name"]),
            )
        )
    return found


def v3_calls(ids: dict[str, int], own_address: str) -> list[Call]:
    """Writes with a body that names things of the other workspace in every way v3 knows."""
    named = {
        "contact": ids["contact_id"], "tag": ids["tag_id"], "list": ids["list_id"], "field": ids["field_id"],
        "account": ids["company_id"], "automation": ids["automation_id"], "deal": ids["deal_id"],
        "group": ids["pipeline_id"], "stage": ids["stage_id"], "owner": ids["user_id"], "user": ids["user_id"],
        "status": 1, "value": "word", "name": "word", "title": "word", "email": "someone@example.net",
        "relid": ids["deal_id"], "reltype": "Deal", "rel_id": ids["contact_id"], "rel_type": "contact",
        "contact_ids": [ids["contact_id"]], "role": "word", "note": "word", "currency": "usd",
    }  # fmt: skip
    calls: list[Call] = []
    for method, path in V3_ROUTES.listed:
        url = v3_url(path, ids).replace("{text}", own_address)
        last = next((part for part in reversed(path.split("/")) if part and "{" not in part), "")
        single = last.removesuffix("s") if not last.endswith("ies") else last.removesuffix("ies") + "y"
        body = None if method in ("GET", "DELETE") else {single: named, **named}
        calls.append(Call(method, path, url, body))
    return calls


async def test_no_route_shows_or_changes_anything_of_another_workspace(
    client: Client, stranger: httpx.AsyncClient, db: Database
):
    ids = await _ids(client)
    raw = (await client.get("/api/v1/openapi.json")).json()
    document = Document(raw, ids)
    calls = [*document.calls(), *v3_calls(ids, f"owner{client.workspace_id}@example.com")]
    assert len(calls) > 600, "the document must have been read"
    async with db.transaction(client.workspace_id) as tx:
        before = await checksums(tx)
    wrong: list[str] = []
    for call in calls:
        body = {} if call.body is None else {"json": call.body}
        answer = await stranger.request(call.method, call.path, **body)
        if answer.status_code >= 500 or MARK in answer.text:
            wrong.append(f"{call.method} {call.path} {answer.status_code} {call.body} {answer.text[:120]}")
    async with db.transaction(client.workspace_id) as tx:
        after = await checksums(tx)
    changed = [name for name in before if before[name] != after.get(name)]
    assert (wrong, changed) == ([], [])
    assert (await stranger.get("/api/v1/contacts")).status_code == 200, "the key must have worked to the end"
