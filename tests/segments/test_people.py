"""Pages of contacts by a condition that need not be saved."""

from __future__ import annotations

from typing import Any

import pytest

from tests.make import Client, Make
from waypost.kernel.db import Database
from waypost.segments import people, queries


def tagged(tag_id: int) -> dict[str, Any]:
    return {"type": "has_tag", "params": {"tag_id": tag_id}}


async def page(client: Client, **body: Any) -> dict[str, Any]:
    answer = await client.post("/api/v1/segments/contacts", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(("walked", "looked_up"), [(0.0, 30_000), (2.0, 30_000), (2.0, 0)], ids=["walk", "ids", "join"])
async def test_contacts_are_filtered_sorted_and_paged(
    client: Client, db: Database, make: Make, monkeypatch: pytest.MonkeyPatch, walked: float, looked_up: int
) -> None:
    monkeypatch.setattr(people, "WALKED", walked)
    monkeypatch.setattr(people, "LOOKED_UP", looked_up)
    async with db.transaction(client.workspace_id) as tx:
        tag, other = await make.tag(tx), await make.tag(tx)
        ids = [await make.contact(tx, f"p{n}@example.com", tags=[tag] if n % 2 else [other]) for n in range(10)]
    odd = [contact_id for n, contact_id in enumerate(ids) if n % 2]
    first = await page(client, condition=tagged(tag), sort="id", limit=3)
    assert [item["id"] for item in first["items"]] == odd[:3]
    assert first["items"][0]["tags"][0]["id"] == tag
    last = await page(client, condition=tagged(tag), sort="id", limit=3, after=first["next"])
    assert ([item["id"] for item in last["items"]], last["next"]) == (odd[3:], None)
    neither: dict[str, Any] = {"match": "none", "conditions": [tagged(tag)]}
    assert len((await page(client, condition=neither))["items"]) == 5
    assert [item["email"] for item in (await page(client, condition={"not": neither}, search="p3"))["items"]] == [
        "p3@example.com"
    ]
    everyone = await page(client, condition={"match": "all", "conditions": []}, limit=1)
    assert everyone["next"] is not None


async def test_bad_filters_are_named(client: Client) -> None:
    for body, code in (
        ({"condition": tagged(0)}, 422),
        ({"condition": {"match": "all", "conditions": []}, "limit": 5000}, 422),
        ({"condition": {"match": "all", "conditions": []}, "after": "nonsense"}, 422),
        ({"condition": []}, 422),
    ):
        assert (await client.post("/api/v1/segments/contacts", json=body)).status_code == code


async def test_counting_ends_with_words_when_it_takes_too_long(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "COUNT_SECONDS", 0.0)
    answer = await client.post("/api/v1/segments/count", json={"condition": tagged(1)})
    assert (answer.status_code, answer.json()["code"]) == (422, "segments.too_slow")
    monkeypatch.undo()
    counted = (await client.post("/api/v1/segments/count", json={"condition": tagged(1)})).json()
    assert (counted["count"], counted["sample"]) == (0, [])
    assert counted["plan"][0].startswith("Has tag")
