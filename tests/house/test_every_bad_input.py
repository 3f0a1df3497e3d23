"""Every route, native and v3, given what no client should send: refused with a reason, never a 500."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.house.every_call import Call, Document
from tests.house.test_every_stranger import v3_calls
from tests.house.test_stranger import _ids  # pyright: ignore[reportPrivateUsage]
from tests.make import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")
DEEP: Any = "deep"
for _ in range(80):
    DEEP = [DEEP]
BAD: tuple[Any, ...] = (2**63, -(2**63) - 1, "a\x00b", "", [], {"a": "\x00"}, DEEP, None, 987654321, [2**63], "\ud83d")


def spoiled(value: Any, bad: Any) -> Any:
    """The body with every value that is not a container replaced."""
    if isinstance(value, dict):
        return {key: spoiled(one, bad) for key, one in value.items()}
    if isinstance(value, list):
        return [spoiled(one, bad) for one in value]
    return bad


def worse(call: Call) -> Iterator[Any]:
    """The shape kept, its values wrong."""
    if not isinstance(call.body, dict):
        return
    for bad in BAD:
        yield spoiled(call.body, bad)


async def test_no_route_fails_at_what_it_is_given(client: Client):
    ids = await _ids(client)
    raw = (await client.get("/api/v1/openapi.json")).json()
    calls = [*Document(raw, ids).calls(), *v3_calls(ids, "nobody@example.net")]
    wrong: dict[str, str] = {}
    asked: set[str] = set()
    headers = {"Api-Token": client.key, "Content-Type": "application/json"}
    for call in calls:
        if call.route + call.method in asked or call.method == "DELETE":
            continue
        asked.add(call.route + call.method)
        for body in worse(call):
            answer = await client.request(call.method, call.path, content=json.dumps(body), headers=headers)
            if answer.status_code >= 500:
                wrong.setdefault(f"{call.method} {call.route}", f"{str(body)[:200]} {answer.text[:200]}")
    assert wrong == {}
