"""What the routes of this domain share."""

from __future__ import annotations

from typing import Annotated

from litestar import Response
from litestar.params import Parameter

Limit = Annotated[int, Parameter(ge=1, le=500)]


def as_json(body: bytes, status_code: int = 200) -> Response[bytes]:
    """An answer the database has encoded already."""
    return Response(body, media_type="application/json", status_code=status_code)
