"""Saved segments over HTTP."""

from __future__ import annotations

from typing import Any

from tests.make import Client, Make
from waypost.kernel.db import Database

EVERYONE: dict[str, Any] = {"match": "all", "conditions": []}


def inside(segment_id: int) -> dict[str, Any]:
    return {"match": "all", "conditions": [{"type": "in_segment", "params": {"segment_id": segment_id}}]}


async def test_a_segment_is_made_counted_changed_and_deleted(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        tag = await make.tag(tx)
        ada = await make.contact(tx, "ada@example.com", tags=[tag])
        await make.contact(tx, "grace@example.com")
    condition = {"type": "has_tag", "params": {"tag_id": tag}}
    made = (await client.post("/api/v1/segments", json={"name": "Vips", "condition": condition})).json()
    url = f"/api/v1/segments/{made['id']}"
    counted = (await client.post("/api/v1/segments/count", json={"condition": inside(made["id"])})).json()
    assert (counted["count"], counted["sample"][0]["id"]) == (1, ada)
    changed = (await client.patch(url, json={"condition": EVERYONE})).json()
    assert (changed["name"], changed["condition"]) == ("Vips", EVERYONE)
    assert (await client.post("/api/v1/segments/count", json={"condition": inside(made["id"])})).json()["count"] == 2
    assert [item["name"] for item in (await client.get("/api/v1/segments")).json()["items"]] == ["Vips"]
    assert (await client.delete(url)).status_code == 204
    assert (await client.get(url)).json()["code"] == "segments.segment_not_found"


async def test_a_segment_cannot_come_to_contain_itself(client: Client) -> None:
    one = (await client.post("/api/v1/segments", json={"name": "One", "condition": EVERYONE})).json()["id"]
    two = (await client.post("/api/v1/segments", json={"name": "Two", "condition": inside(one)})).json()["id"]
    for target in (one, two):
        answer = await client.patch(f"/api/v1/segments/{one}", json={"condition": inside(target)})
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (422, "segments.loop")
    used = await client.delete(f"/api/v1/segments/{one}")
    assert (used.status_code, used.json()["code"]) == (409, "segments.in_use")


async def test_names_are_needed_and_unique(client: Client) -> None:
    await client.post("/api/v1/segments", json={"name": "One", "condition": EVERYONE})
    taken = await client.post("/api/v1/segments", json={"name": "One", "condition": EVERYONE})
    assert (taken.status_code, taken.json()["code"]) == (409, "segments.name_taken")
    nameless = await client.post("/api/v1/segments", json={"name": "", "condition": EVERYONE})
    assert (nameless.status_code, nameless.json()["errors"][0]["pointer"]) == (422, "/name")


async def test_a_bad_condition_is_named_with_its_place(client: Client) -> None:
    answer = await client.post("/api/v1/segments/count", json={"condition": {"type": "has_tag", "params": {}}})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/condition/params/tag_id")
    lost = await client.post("/api/v1/segments/count", json={"condition": inside(987654)})
    assert (lost.status_code, lost.json()["errors"][0]["code"]) == (422, "segments.segment_not_found")
