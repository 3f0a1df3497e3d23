"""What others are built on cannot be deleted, and the refusal says who they are."""

from __future__ import annotations

from typing import Any

from tests.make import Client

Json = dict[str, Any]


async def post(client: Client, path: str, body: Json) -> Json:
    answer = await client.post(f"/api/v1{path}", json=body)
    assert answer.status_code in (200, 201, 202), answer.text
    return answer.json()


async def refused(client: Client, path: str) -> str:
    answer = await client.delete(f"/api/v1{path}")
    assert (answer.status_code, answer.json()["code"]) == (409, "still_used"), answer.text
    assert (await client.get(f"/api/v1{path}")).status_code == 200, "it is still there"
    return answer.json()["detail"]


def leaf(kind: str, **params: object) -> Json:
    return {"type": kind, "params": params}


def both(*conditions: Json) -> Json:
    return {"match": "all", "conditions": list(conditions)}


async def test_what_a_segment_asks_for_stays(client: Client) -> None:
    tag = (await post(client, "/tags", {"name": "vip"}))["id"]
    other = (await post(client, "/tags", {"name": "press"}))["id"]
    many = (await post(client, "/tags", {"name": "many"}))["id"]
    news = (await post(client, "/lists", {"name": "News"}))["id"]
    city = (await post(client, "/fields", {"name": "City", "type": "text"}))["id"]
    inner = await post(client, "/segments", {"name": "Inner", "condition": both(leaf("has_tag", tag_id=tag))})
    asked = both(
        {"not": leaf("did", fact="tag_added", object_id=other)},
        leaf("has_tags", tag_ids=[many]),
        leaf("on_list", list_id=news),
        leaf("field", field_id=city, operator="equals", value="Paris"),
        leaf("in_segment", segment_id=inner["id"]),
    )
    outer = await post(client, "/segments", {"name": "Outer", "condition": asked})

    assert await refused(client, f"/tags/{tag}") == "The tag is used by the segment “Inner”. Take it out there first."
    for path in (f"/tags/{other}", f"/tags/{many}", f"/lists/{news}", f"/fields/{city}"):
        # lint: no-row-loops because each is a request of its own
        assert "the segment “Outer”" in await refused(client, path)
    used = await client.delete(f"/api/v1/segments/{inner['id']}")
    assert (used.status_code, "Outer" in used.json()["detail"]) == (409, True)

    # A fact about another noun with the same number is not this one.
    uses = (await client.get(f"/api/v1/uses/list/{other}")).json()["items"]
    assert uses == []

    # Nothing names them any more: all go.
    paths = (f"/segments/{outer['id']}", f"/segments/{inner['id']}", f"/tags/{tag}", f"/tags/{other}", f"/tags/{many}")
    for path in (*paths, f"/lists/{news}", f"/fields/{city}"):
        # lint: no-row-loops because each is a request of its own
        assert (await client.delete(f"/api/v1{path}")).status_code == 204, path


async def test_messages_automations_and_exports_hold_what_they_name(client: Client) -> None:
    tag = (await post(client, "/tags", {"name": "vip"}))["id"]
    field = await post(client, "/fields", {"name": "City", "type": "text"})
    news = (await post(client, "/lists", {"name": "News"}))["id"]
    segment = await post(client, "/segments", {"name": "Few", "condition": both(leaf("on_list"))})
    await post(client, "/messages", {"name": "Letter", "subject": f"To %{field['key']}%"})
    steps = [{"id": "s", "type": "add_to_list", "params": {"list_id": news}, "arms": {}}]
    trigger = {"id": "t", "type": "tag_added", "params": {"tag_id": tag}, "runs": "once"}
    draft = {"name": "Greet", "document": {"version": 1, "triggers": [trigger], "steps": steps}}
    await post(client, "/automations", draft)
    weekly = {"name": "Weekly", "selection": {"segment_id": segment["id"]}, "at_time": "06:00"}
    await post(client, "/export-schedules", {**weekly, "columns": ["email", f"field:{field['id']}"]})

    assert "the automation “Greet”" in await refused(client, f"/tags/{tag}"), "also while it does not run"
    assert "the automation “Greet”" in await refused(client, f"/lists/{news}")
    detail = await refused(client, f"/fields/{field['id']}")
    assert "the export “Weekly”" in detail
    assert "the message “Letter”" in detail
    assert "the export “Weekly”" in await refused(client, f"/segments/{segment['id']}")


async def test_a_tag_in_use_is_not_merged_away(client: Client) -> None:
    keep = (await post(client, "/tags", {"name": "vip"}))["id"]
    gone = (await post(client, "/tags", {"name": "VIPs"}))["id"]
    await post(client, "/segments", {"name": "Best", "condition": both(leaf("has_tag", tag_id=gone))})
    answer = await client.post(f"/api/v1/tags/{keep}/merge", json={"tag_ids": [gone]})
    assert (answer.status_code, "“Best”" in answer.json()["detail"]) == (409, True)


async def test_v3_refuses_in_its_own_shape(client: Client) -> None:
    tag = (await post(client, "/tags", {"name": "vip"}))["id"]
    await post(client, "/segments", {"name": "Best", "condition": both(leaf("has_tag", tag_id=tag))})
    answer = await client.delete(f"/api/3/tags/{tag}")
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["code"]) == (422, "still_used")
    assert error["title"] == "The tag is used by the segment “Best”. Take it out there first."
