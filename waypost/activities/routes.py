"""A contact's timeline."""

from __future__ import annotations

from typing import Annotated

from litestar import get
from litestar.params import Parameter

from waypost.activities.queries import list_timeline
from waypost.activities.schemas import Timeline
from waypost.kernel.tx import ReadTx


@get("/api/v1/contacts/{contact_id:int}/timeline")
async def read_timeline(
    contact_id: int,
    read: ReadTx,
    kinds: Annotated[str | None, Parameter(query="kinds")] = None,
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
    after: str | None = None,
) -> Timeline:
    wanted = kinds.split(",") if kinds else ()
    page = await list_timeline(read, contact_id, kinds=wanted, limit=limit, after=after)
    return Timeline(items=list(page.items), next=page.next)


ROUTES = (read_timeline,)
