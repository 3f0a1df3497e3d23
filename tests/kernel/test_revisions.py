"""How If-Match is read."""

from __future__ import annotations

import pytest

from waypost.kernel.http.revisions import RevisionInvalid, revision_of


@pytest.mark.parametrize(
    ("given", "read"), [(None, None), ("", None), ("*", None), ("7", 7), ('"7"', 7), (' W/"7" ', 7)]
)
def test_a_revision_is_read_in_every_spelling(given: str | None, read: int | None) -> None:
    assert revision_of(given) == read


@pytest.mark.parametrize("given", ["seven", "-1", "1.5", "٣", "9" * 30, '"1", "2"'])
def test_anything_else_is_refused(given: str) -> None:
    with pytest.raises(RevisionInvalid):
        revision_of(given)
