"""GET /api/3/, which some clients probe before anything else."""

from __future__ import annotations

from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer
from waypost.dialects.activecampaign.routing import Routes

routes = Routes()


@routes.get("/")
async def read_root(call: Read) -> Answer:
    return Answer({"version": "3", "links": {"contacts": f"{call.base}/contacts", "users": f"{call.base}/users/me"}})
