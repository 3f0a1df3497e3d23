"""The table of endpoints is the truth."""

import re
from pathlib import Path

import pytest

from tests.dialects.activecampaign.conftest import V3
from waypost.dialects.activecampaign import coverage, vacant
from waypost.dialects.activecampaign.contact_parts import EMPTY_COLLECTIONS
from waypost.dialects.activecampaign.resources import ROUTES
from waypost.dialects.activecampaign.routing import ID, TEXT

HERE = Path(__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "activecampaign.md"


def test_the_page_is_the_generated_one():
    assert PAGE.read_text() == coverage.page(), "python -m waypost.dialects.activecampaign.coverage > docs/reference/…"


def test_every_limit_named_belongs_to_a_route():
    listed = {f"{method} {path}" for method, path in ROUTES.listed}
    assert set(coverage.PARTIAL) <= listed
    assert coverage.EMPTY == EMPTY_COLLECTIONS


def _shape(path: str) -> str:
    return re.sub(r"\{[^}]*\}", "{}", path)


def test_everything_documented_is_routed_or_has_a_reason():
    documented = set((HERE / "documented.txt").read_text().splitlines())
    routed = {f"{method} {_shape(path)}" for method, path in ROUTES.listed}
    routed |= {"PATCH" + one[3:] for one in routed if one.startswith("PUT ")}
    absent = [_shape(one) for paths in coverage.ABSENT.values() for one in paths]
    found = {one for one in documented - routed if not _is_found(one)}
    assert found == set(absent), "a path is neither routed nor under ABSENT, or is both"
    assert len(absent) == len(set(absent))


def _is_found(documented: str) -> bool:
    """A path with a name in its place may be offered by another route, such as one for any text."""
    method, _, path = documented.partition(" ")
    found = ROUTES.find(method, path.replace("{}", "0"))
    return found is not None and found.handler is not None


@pytest.mark.asyncio(loop_scope="session")
async def test_what_nothing_fills_answers_as_empty_and_never_fails(v3: V3):
    for method, path in vacant.routes.listed:
        status, body = await v3.call(method, path.replace(ID, "7").replace(TEXT, "x"), {} if method == "PUT" else None)
        if path.endswith((ID, TEXT)) or path in dict(vacant.PARENTS):
            assert status == (403 if path.startswith("/forms") else 404), (method, path, body)
            assert re.fullmatch(r"No Result found for \w+ with id (7|x)", body["message"]), path
        else:
            rows = [key for key in body if key != "meta"]
            assert (status, len(rows), body[rows[0]]) == (200, 1, []), path
    assert await v3.get("/webhooks") == {"webhooks": [], "meta": {"total": "0"}}
    assert await v3.get("/webhook/events") == {"webhookEvents": [], "meta": {"total": 0}}
    assert (await v3.call("POST", "/webhooks", {"webhook": {}}))[0] == 405
