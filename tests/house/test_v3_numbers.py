"""Whatever v3 lists has a number, and so has what its rows point to: exporters abort at the first that has not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

import pytest

from tests.house.test_stranger import _ids, v3_routes  # pyright: ignore[reportPrivateUsage]
from tests.make import Client

pytestmark = pytest.mark.asyncio(loop_scope="session")
NUMBERS = frozenset(
    "id account automation campaign campaignid contact deal deal_id field group lastblock lastlogid list listid message"
    " messageid score seriesid stage subscriberid userid".split()
)
TEXTS = frozenset(("meta", "links", "reference", "data", "fields", "relationships", "schemas"))
"""Not rows, or rows of newer services, whose ids are words."""


def rows(found: object) -> Iterator[dict[str, Any]]:
    """Every row of every collection in an answer."""
    if isinstance(found, dict):
        for name, part in cast("dict[str, object]", found).items():
            if name not in TEXTS and isinstance(part, list):
                yield from (cast("dict[str, Any]", one) for one in cast("list[object]", part) if isinstance(one, dict))


async def test_rows_and_what_they_point_to_have_numbers(client: Client):
    await _ids(client)
    wrong: list[str] = []
    seen: set[str] = set()
    for path in v3_routes():
        if "{" in path:
            continue
        answer = await client.get(f"/api/3{path}?limit=100", headers={"Api-Token": client.key})
        assert answer.status_code in (200, 400, 422), (path, answer.text)
        for row in rows(answer.json()):
            seen.add(path)
            wrong += [
                f"{path} {name}: {value!r}"
                for name, value in row.items()
                if name in NUMBERS and not isinstance(value, dict | list) and not str(value or 0).isdigit()
            ]
            if "id" not in row and "links" in row:
                wrong.append(f"{path} has rows without an id")
    assert wrong == []
    assert len(seen) > 25, sorted(seen)
