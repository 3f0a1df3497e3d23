"""What contacts did lately, for a page of the list at a time."""

from __future__ import annotations

from litestar import post

from waypost.contacts.queries.engagement import engagement_of
from waypost.contacts.schemas.engagement import EngagementAsked, EngagementList
from waypost.kernel.tx import ReadTx


@post("/api/v1/contacts/engagement", status_code=200, opt={"any_role": True})
async def read_engagement(data: EngagementAsked, read: ReadTx) -> EngagementList:
    return EngagementList(items=await engagement_of(read, data.contact_ids))


ROUTES = (read_engagement,)
