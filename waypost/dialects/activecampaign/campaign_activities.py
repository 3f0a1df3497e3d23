"""Who opened and clicked campaigns: messageActivities a recipient, linkData a recipient and link."""

from __future__ import annotations

from waypost.campaigns.errors import CampaignNotFound
from waypost.campaigns.numbered import Clicker, Reader, list_clickers_from, list_readers_from
from waypost.campaigns.queries import get_campaign
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.errors import NoResult
from waypost.dialects.activecampaign.routing import Routes

routes = Routes()
LINKS = 1_000
"""As ids of links are made of the message's and the link's number."""


def _activity_row(call: Read, reader: Reader) -> Row:
    campaign, contact, message = str(reader.campaign_id), str(reader.contact_id), str(reader.message_id)
    return {
        "campaignid": campaign,
        "messageid": message,
        "subscriberid": contact,
        "email": reader.email,
        "sdate": call.iso(reader.sent_at),
        "tstamp": call.iso(reader.opened_at or reader.clicked_at),
        "opens": str(reader.open_count),
        "clicks": str(reader.click_count),
        "clicked": call.iso(reader.clicked_at),
        "links": {
            "campaign": f"{call.base}/campaigns/{campaign}",
            "contact": f"{call.base}/contacts/{contact}",
            "message": f"{call.base}/messages/{message}",
        },
        "id": str(reader.id),
        "campaign": campaign,
        "contact": contact,
        "message": message,
    }


@routes.get("/messageActivities")
async def list_activities(call: Read) -> Answer:
    found, total = await list_readers_from(call.tx, limit=call.query.limit(), offset=call.query.offset)
    return Answer({"messageActivities": [_activity_row(call, one) for one in found], "meta": meta(total)})


@routes.get("/campaigns/{id}/messageActivities")
async def list_activities_of(call: Read) -> Answer:
    try:
        campaign = await get_campaign(call.tx, call.id)
    except CampaignNotFound as failure:
        raise NoResult(model="Campaign", id=call.id) from failure
    found, total = await list_readers_from(
        call.tx, campaign_id=campaign.id, limit=call.query.limit(), offset=call.query.offset
    )
    return Answer({"messageActivities": [_activity_row(call, one) for one in found], "meta": meta(total)})


def _link_row(call: Read, one: Clicker, number: int) -> Row:
    return {
        "campaignid": str(one.campaign_id),
        "messageid": str(one.message_id),
        "linkid": str(one.message_id * LINKS + one.link),
        "link": one.url,
        "subscriberid": str(one.contact_id),
        "tstamp": call.iso(one.created_at),
        "links": [],
        "id": str(number),
        "campaign": str(one.campaign_id),
        "contact": str(one.contact_id),
        "message": str(one.message_id),
    }


@routes.get("/linkData")
async def list_link_data(call: Read) -> Answer:
    """Rows are numbered, for they have no ids of their own."""
    offset = call.query.offset
    found, total = await list_clickers_from(call.tx, limit=call.query.limit(), offset=offset)
    rows = [_link_row(call, one, number) for number, one in enumerate(found, offset + 1)]
    return Answer({"linkData": rows, "meta": meta(total)})
