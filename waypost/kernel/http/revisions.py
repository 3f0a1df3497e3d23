"""The revision a caller began from, as `If-Match` says it; one reading for everything that is edited."""

from __future__ import annotations

from typing import Annotated

from litestar.params import Parameter

from waypost.kernel.errors import Failure, Kind

IfMatch = Annotated[str | None, Parameter(header="If-Match", required=False)]


class RevisionInvalid(Failure):
    kind = Kind.INVALID
    code = "http.revision_invalid"
    template = "If-Match must be the revision number that was read."


def revision_of(if_match: str | None) -> int | None:
    """The number, with or without quotes; `*`, nothing and no header ask for none."""
    text = (if_match or "").strip().removeprefix("W/").strip('"')
    if text in ("", "*"):
        return None
    if not (text.isascii() and text.isdigit()) or len(text) > 18:
        raise RevisionInvalid(pointer="/If-Match")
    return int(text)
