"""Generated pages are current: what they list is what the code says."""

from __future__ import annotations

from tools.reference import FOLDER, pages


def test_the_reference_is_current() -> None:
    stale = [
        name for name, text in pages().items() if not (FOLDER / name).exists() or (FOLDER / name).read_text() != text
    ]
    assert stale == [], "run ./dev openapi"
