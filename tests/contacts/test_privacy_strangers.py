"""Another workspace's key changes nothing through the routes of trash, merging, consent, groups and tags."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.house.test_stranger import stranger as stranger  # a fixture
from tests.make import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_stranger_changes_nothing(client: Client, stranger: httpx.AsyncClient) -> None:
    async def made(path: str, **body: Any) -> int:
        answer = await client.post(f"/api/v1/{path}", json=body)
        assert answer.status_code in (200, 201), answer.text
        return answer.json()["id"]

    ada, twin = await made("contacts", email="ada+1@example.com"), await made("contacts", email="ada+2@example.com")
    gone = await made("contacts", email="gone@example.com")
    await client.delete(f"/api/v1/contacts/{gone}")
    a_list, tag, other = await made("lists", name="L"), await made("tags", name="A"), await made("tags", name="B")
    group = await made("field-groups", name="G")
    field = await made("fields", name="F", group_id=group)
    seen = [
        f"contacts/{ada}",
        f"contacts/{twin}",
        "trash",
        "fields",
        "field-groups",
        "tags",
        f"contacts/{ada}/consents",
    ]

    async def state() -> list[str]:
        return [(await client.get(f"/api/v1/{path}")).text for path in seen]

    before = await state()
    refused = {
        f"contacts/{ada}/merge": {"contact_ids": [twin]},
        f"contacts/{ada}/erase": None,
        f"contacts/{ada}/exports": None,
        f"contacts/{ada}/consents": {"is_given": True},
        f"contacts/{ada}/subscriptions": {"list_id": a_list},
        f"contacts/{ada}/confirmations": {"list_id": a_list},
        f"tags/{tag}/merge": {"tag_ids": [other]},
        "duplicates/dismiss": {"contact_id": ada, "other_id": twin},
    }
    for path, body in refused.items():
        answer = await stranger.post(f"/api/v1/{path}", json=body)
        assert answer.status_code == 404, (path, answer.text)
    order = {"group_ids": [group], "fields": [{"id": field, "group_id": None}]}
    assert (await stranger.put("/api/v1/fields/order", json=order)).status_code == 404
    assert (await stranger.patch(f"/api/v1/field-groups/{group}", json={"name": "X"})).status_code == 404
    assert (await stranger.delete(f"/api/v1/field-groups/{group}")).status_code == 404
    restored = (await stranger.post("/api/v1/trash/restore", json={"contact_ids": [gone]})).json()
    assert restored == {"restored": [], "conflicts": []}
    assert (await stranger.post("/api/v1/trash/erase", json={"all": True})).json() == {"erased": 0}
    assert await state() == before


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        ("contacts/{ada}/merge", {"contact_ids": []}, "/contact_ids"),
        ("contacts/{ada}/merge", {"contact_ids": [10**19]}, "/contact_ids"),
        ("contacts/{ada}/consents", {"is_given": "maybe"}, "/is_given"),
        ("contacts/{ada}/consents", {"is_given": True, "channel": "pigeon"}, "/channel"),
        ("contacts/{ada}/subscriptions", {}, "/list_id"),
        ("duplicates/scan", {"field_ids": "all"}, "/field_ids"),
        ("consent-texts", {"name": " ", "body": "x"}, "/name"),
    ],
)
async def test_bad_bodies_are_named(client: Client, path: str, body: dict[str, Any], pointer: str) -> None:
    ada = (await client.post("/api/v1/contacts", json={"email": "ada@example.com"})).json()["id"]
    answer = await client.post(f"/api/v1/{path.format(ada=ada)}", json=body)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
