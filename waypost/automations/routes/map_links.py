"""HTTP for the map of all automations."""

from __future__ import annotations

from litestar import get

from waypost.automations.map_links import draw_map
from waypost.automations.schemas.map_links import MapOut
from waypost.kernel.tx import ReadTx


@get("/api/v1/automation-map")
async def get_map(read: ReadTx) -> MapOut:
    return MapOut.of(await draw_map(read))


ROUTES = (get_map,)
