"""What is too deep, too long, circular or nonsense gets words or a right answer, never a failure of the server."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.make import Client, Make
from tests.segments.keep import EVERYONE, group, inside, tagged
from waypost.kernel.db import Database
from waypost.kernel.errors import Failure
from waypost.segments.actions import create_segment, update_segment
from waypost.segments.queries import count_matching

Json = dict[str, Any]


def deep(depth: int) -> Json:
    return tagged(1) if depth == 1 else group("all", deep(depth - 1), tagged(2))


def field(value: Any, operator: str = "any_of") -> Json:
    return {"type": "contact_attribute", "params": {"attribute": "email", "operator": operator, "value": value}}


async def ask(client: Client, condition: Any, path: str = "count") -> tuple[int, str]:
    answer = await client.post(f"/api/v1/segments/{path}", json={"condition": condition})
    body = answer.json()
    return answer.status_code, body["errors"][0]["code"] if body.get("errors") else body.get("code", "")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        (deep(33), "segments.too_deep"),
        (deep(64), "segments.too_deep"),
        (group("all", *[tagged(n) for n in range(1, 202)]), "segments.too_many"),
        ({"type": "is_tall"}, "segments.condition_unknown"),
        ({"type": "has_tag", "params": {"tag_id": "seven"}}, "invalid"),
        ({"type": "has_tag", "params": {"tag_id": 10**30}}, "segments.value_unfit"),
        (
            {"type": "field", "params": {"field_id": 987654, "operator": "equals", "value": 1}},
            "contacts.field_not_found",
        ),
        ({"type": "did", "params": {"fact": "flew"}}, "activities.fact_unknown"),
        (inside(987654), "segments.segment_not_found"),
        (inside(10**25), "segments.value_unfit"),
        (field("a\x00b", "equals"), "segments.value_unfit"),
        ({"not": []}, "invalid"),
        ({"match": "most", "conditions": []}, "invalid"),
        ({}, "missing"),
        (None, "invalid"),
    ],
)
async def test_what_is_wrong_has_a_code(client: Client, condition: Any, code: str) -> None:
    for path in ("count", "contacts"):
        assert await ask(client, condition, path) == (422, code)
    saved = await client.post("/api/v1/segments", json={"name": "Wrong", "condition": condition})
    assert saved.status_code == 422
    assert (await client.get("/api/v1/segments")).json()["items"] == []


async def test_what_is_large_but_right_is_answered(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        await make.contact(tx, "ada@example.com")
    assert await ask(client, deep(32)) == (200, "")
    assert await ask(client, group("any", *[tagged(n) for n in range(1, 200)])) == (200, "")
    many = [f"p{n}@example.com" for n in range(10_000)]
    assert await ask(client, field([*many[1:], "ada@example.com"])) == (200, "")
    assert await ask(client, field([*many, "ada@example.com"])) == (422, "invalid")
    thousand = '{"match":"all","conditions":[' * 5_000 + "]}" * 5_000
    answer = await client.post(
        "/api/v1/segments/count", content=f'{{"condition":{thousand}}}', headers={"content-type": "application/json"}
    )
    assert answer.status_code == 422


async def test_a_long_chain_of_segments_is_answered_and_an_endless_one_refused(
    db: Database, workspace_id: int, make: Make
) -> None:
    async with db.transaction(workspace_id) as tx:
        tag = await make.tag(tx)
        await make.contact(tx, tags=[tag])
        last = (await create_segment(tx, name="S0", condition=tagged(tag))).id
        chain = [last]
        for number in range(1, 60):
            last = (await create_segment(tx, name=f"S{number}", condition={"not": inside(last)})).id
            chain.append(last)
        assert await count_matching(tx, inside(chain[59])) == 0
        assert await count_matching(tx, inside(chain[58])) == 1
        twice = chain[0]
        for number in range(5):
            condition = group("any", inside(twice), {"not": inside(twice)})
            twice = (await create_segment(tx, name=f"D{number}", condition=condition)).id
        with pytest.raises(Failure, match="more than"):
            await create_segment(tx, name="Large", condition=group("any", *[inside(twice)] * 4))


async def test_two_changes_at_once_cannot_close_a_circle(db: Database, workspace_id: int) -> None:
    async with db.transaction(workspace_id) as tx:
        one = (await create_segment(tx, name="One", condition=EVERYONE)).id
        two = (await create_segment(tx, name="Two", condition=EVERYONE)).id

    async def point(outer: int, inner: int) -> bool:
        try:
            async with db.transaction(workspace_id) as tx:
                await update_segment(tx, outer, condition=inside(inner))
        except Failure:
            return False
        return True

    for _ in range(5):
        assert sorted(await asyncio.gather(point(one, two), point(two, one))) == [False, True]
        async with db.transaction(workspace_id) as tx:
            await update_segment(tx, one, condition=EVERYONE)
            await update_segment(tx, two, condition=EVERYONE)
