"""The table of endpoints is the truth."""

from pathlib import Path

from waypost.dialects.activecampaign import coverage
from waypost.dialects.activecampaign.contact_parts import EMPTY_COLLECTIONS
from waypost.dialects.activecampaign.resources import ROUTES

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "activecampaign.md"


def test_the_page_is_the_generated_one():
    assert PAGE.read_text() == coverage.page(), "python -m waypost.dialects.activecampaign.coverage > docs/reference/…"


def test_every_limit_named_belongs_to_a_route():
    listed = {f"{method} {path}" for method, path in ROUTES.listed}
    assert set(coverage.PARTIAL) <= listed
    assert coverage.EMPTY == EMPTY_COLLECTIONS


def test_nothing_absent_has_a_route():
    collections = {path.split("/")[1] for _, path in ROUTES.listed}
    assert not collections & set(coverage.ABSENT)
