"""The start page's numbers."""

from __future__ import annotations

from litestar import get

from waypost.kernel.tx import ReadTx
from waypost.reports.queries.dashboard import get_dashboard
from waypost.reports.types import Dashboard


@get("/api/v1/dashboard")
async def read_dashboard(read: ReadTx) -> Dashboard:
    return await get_dashboard(read)


ROUTES = (read_dashboard,)
