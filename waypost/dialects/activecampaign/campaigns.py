"""Campaigns with their messages, lists and links; made by `POST /campaign`, changed by `PUT /campaigns/{id}/edit`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from waypost.campaigns.actions import (
    create_campaign,
    delete_campaign,
    duplicate_campaign,
    schedule_campaign,
    update_campaign,
)
from waypost.campaigns.errors import CampaignNotFound
from waypost.campaigns.queries import get_campaign, list_campaigns, list_link_counts, list_variants
from waypost.campaigns.types import Campaign, CampaignAudience, Kind, Timing, Utm, Variant
from waypost.dialects.activecampaign import coerce
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.campaign_rows import STATUS, TYPES, campaign_message_row, campaign_row, link_row
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.errors import NoResult
from waypost.dialects.activecampaign.paging import cut, matches
from waypost.dialects.activecampaign.routing import Routes
from waypost.kernel.errors import Failure
from waypost.kernel.model import parse

routes = Routes({
    "scheduled_at": "scheduledDate", "field_id": "reminderField", "days": "reminderOffset",
    "delay_hours": "responderHoursOffset",
})  # fmt: skip
ENOUGH = 10_000
KINDS: Mapping[str, Kind] = {word: kind for kind, word in TYPES.items()}
SPANS = {"day": 1, "week": 7, "month": 30, "year": 365}
_ORDERS = {
    "sdate": lambda item: item.started_at or item.scheduled_at or item.created_at,
    "ldate": lambda item: item.finished_at or item.created_at,
    "mdate": lambda item: item.updated_at,
    "status": lambda item: STATUS[item.state],
}


async def _find(call: Read) -> tuple[Campaign, list[Variant]]:
    try:
        campaign = await get_campaign(call.tx, call.id)
    except CampaignNotFound as failure:
        raise NoResult(model="Campaign", id=call.id) from failure
    return campaign, (await list_variants(call.tx, [campaign.id]))[campaign.id]


def _passes(call: Read, campaign: Campaign) -> bool:
    """The filters that clients send; unknown ones are ignored."""
    wanted = call.query.filters
    status, number = call.query.filter_number("status"), call.query.filter_number("id")
    list_id, kind = call.query.filter_number("list_id"), call.query.filter("type")
    return (
        (status is None or STATUS[campaign.state] == status)
        and (number is None or campaign.id == number)
        and (list_id is None or list_id in campaign.people.list_ids)
        and (not kind or KINDS.get(kind) == campaign.kind)
        and ("name" not in wanted or matches(campaign.name, wanted["name"]))
    )


@routes.get("/campaigns")
async def list_all_campaigns(call: Read) -> Answer:
    found = [item for item in (await list_campaigns(call.tx, limit=ENOUGH)).items if _passes(call, item)]
    found.sort(key=lambda item: item.id)
    for column, is_down in reversed(call.query.orders):
        if column in _ORDERS:
            found.sort(key=_ORDERS[column], reverse=is_down)
    page = cut(found, call.query)
    variants = await list_variants(call.tx, [item.id for item in page])
    rows = [campaign_row(call, item, variants[item.id]) for item in page]
    return Answer({"campaigns": rows, "meta": meta(len(found))})


@routes.get("/campaigns/{id}")
async def read_campaign(call: Read) -> Answer:
    return Answer({"campaign": campaign_row(call, *await _find(call))})


@routes.post("/campaign")
async def post_campaign(call: Write) -> Answer:
    """A bare object in and out; what is wrong is said as plain strings."""
    sent = Sent(dict(call.body))
    name, kind = sent.text("name") or "", sent.text("type") or ""
    wrong = [f"{column} is required" for column, value in (("name", name), ("type", kind)) if not value]
    if kind and kind not in KINDS:
        wrong.append(f"type must be one of {', '.join(KINDS)}")
    if wrong:
        return Answer({"errors": wrong}, 400)
    variants: list[dict[str, Any]] = [{}, {}] if kind == "split" else []
    made = await create_campaign(call.tx, name=name, kind=KINDS[kind], variants=variants)
    can_split = coerce.flag(sent.get("canSplitContent"))
    return Answer({"id": made.id, "name": made.name, "type": kind, "canSplitContent": can_split})


def _audience(campaign: Campaign, sent: Sent) -> CampaignAudience:
    before = campaign.people
    lists, segments = before.list_ids, before.segment_ids
    if sent.has("listIds"):
        given = sent.get("listIds")
        lists = tuple(coerce.integer(item, "listIds") for item in (given if isinstance(given, list) else [given]))  # pyright: ignore[reportUnknownVariableType]
    if sent.has("segmentId"):
        segment = coerce.integer(sent.get("segmentId") or 0, "segmentId")
        segments = (segment,) if segment else ()
    return CampaignAudience(list_ids=lists, segment_ids=segments)


def _timing(before: Timing, sent: Sent) -> Timing:
    """Offsets of an autoresponder are days and hours after subscribing; a reminder's is negative before the date."""
    changes: dict[str, Any] = {}
    days, hours = divmod(before.delay_hours, 24)
    if sent.has("responderDaysOffset"):
        days = coerce.integer(sent.get("responderDaysOffset") or 0, "responderDaysOffset")
    if sent.has("responderHoursOffset"):
        hours = coerce.integer(sent.get("responderHoursOffset") or 0, "responderHoursOffset")
    changes["delay_hours"] = days * 24 + hours
    if sent.has("sendToExistingSubscribers"):
        changes["include_existing"] = coerce.flag(sent.get("sendToExistingSubscribers"))
    if sent.has("reminderField"):
        changes["field_id"] = coerce.integer(sent.get("reminderField"), "reminderField")
    if sent.has("reminderOffset"):
        offset = coerce.integer(sent.get("reminderOffset") or 0, "reminderOffset")
        span = SPANS.get(sent.text("reminderOffsetType") or "day", 1)
        changes |= {"days": abs(offset) * span, "direction": "before" if offset < 0 else "after"}
    if sent.has("reminderType"):
        changes["is_yearly"] = sent.text("reminderType") != "year_month_day"
    return parse({**msgspec.to_builtins(before), **changes}, Timing)


@routes.put("/campaigns/{id}/edit")
async def edit_campaign(call: Write) -> Answer:
    """An unwrapped body; a scheduledDate schedules it. Columns we have no counterpart of are ignored."""
    campaign, _ = await _find(call)
    sent = Sent(dict(call.body))
    changes: dict[str, Any] = {}
    if sent.text("name"):
        changes["name"] = sent.text("name")
    if sent.has("listIds", "segmentId"):
        changes["audience"] = _audience(campaign, sent)
    if campaign.is_recurring:
        changes["timing"] = _timing(campaign.when, sent)
    if coerce.flag(sent.get("googleAnalyticsLinkTrackingEnabled")):
        changes["utm"] = Utm(source="waypost", campaign=sent.text("googleAnalyticsCampaignName") or "")
    await update_campaign(call.tx, campaign.id, **changes)
    if sent.text("scheduledDate"):
        at = coerce.moment(sent.get("scheduledDate"), "scheduledDate", call.zone)
        await schedule_campaign(call.tx, campaign.id, at=at)
    return Answer({})


@routes.put("/campaigns/{id}")
async def rename_campaign(call: Write) -> Answer:
    campaign, _ = await _find(call)
    name = call.inner("campaign").text("name")
    if name:
        await update_campaign(call.tx, campaign.id, name=name)
    return Answer({"campaign": campaign_row(call, *await _find(call))})


@routes.post("/campaigns/{id}/copy")
async def copy_campaign(call: Write) -> Answer:
    campaign, _ = await _find(call)
    made = await duplicate_campaign(call.tx, campaign.id)
    return Answer({"succeeded": 1, "message": "Campaign copied.", "newCampaignId": made.id})


@routes.delete("/campaigns/{id}/delete")
async def remove_campaign(call: Write) -> Answer:
    """What cannot be deleted is told with 200 too."""
    try:
        await delete_campaign(call.tx, call.id)
    except Failure as failure:
        return Answer({"succeeded": 0, "message": failure.detail})
    return Answer({"succeeded": 1, "message": "Campaign deleted."})


@routes.get("/campaigns/{id}/campaignMessages")
async def list_messages_of(call: Read) -> Answer:
    campaign, variants = await _find(call)
    rows = [campaign_message_row(call, campaign, item) for item in variants]
    return Answer({"campaignMessages": rows, "meta": meta(len(rows))})


@routes.get("/campaigns/{id}/campaignMessage")
async def read_message_of(call: Read) -> Answer:
    campaign, variants = await _find(call)
    return Answer({"campaignMessage": campaign_message_row(call, campaign, variants[0])})


@routes.get("/campaignMessages")
async def list_campaign_messages(call: Read) -> Answer:
    found = (await list_campaigns(call.tx, limit=ENOUGH)).items
    variants = await list_variants(call.tx, [item.id for item in found])
    pairs = [(item, variant) for item in sorted(found, key=lambda one: one.id) for variant in variants[item.id]]
    rows = [campaign_message_row(call, item, variant) for item, variant in cut(pairs, call.query)]
    return Answer({"campaignMessages": rows, "meta": meta(len(pairs))})


def _list_rows(call: Read, campaign: Campaign) -> list[Row]:
    return [
        {
            "campaignid": str(campaign.id),
            "listid": str(list_id),
            "list_amt": "0",
            "links": {"campaign": f"{call.base}/campaigns/{campaign.id}", "list": f"{call.base}/lists/{list_id}"},
            "id": str(coerce.pair_id(campaign.id, list_id)),
            "campaign": str(campaign.id),
            "list": str(list_id),
        }
        for list_id in campaign.people.list_ids
    ]


@routes.get("/campaigns/{id}/campaignLists")
async def list_lists_of(call: Read) -> Answer:
    campaign, _ = await _find(call)
    rows = _list_rows(call, campaign)
    return Answer({"campaignLists": rows, "meta": meta(len(rows))})


@routes.get("/campaignLists")
async def list_campaign_lists(call: Read) -> Answer:
    found = (await list_campaigns(call.tx, limit=ENOUGH)).items
    rows = [row for item in sorted(found, key=lambda one: one.id) for row in _list_rows(call, item)]
    return Answer({"campaignLists": cut(rows, call.query), "meta": meta(len(rows))})


@routes.get("/campaigns/{id}/links")
async def list_links_of(call: Read) -> Answer:
    campaign, _ = await _find(call)
    rows = [link_row(call, campaign.id, link) for link in await list_link_counts(call.tx, campaign.id)]
    return Answer({"links": rows, "messages": [], "meta": meta(len(rows))})


@routes.get("/links")
async def list_links(call: Read) -> Answer:
    """The links of every campaign that has been sent."""
    rows: list[Row] = []
    found = (await list_campaigns(call.tx, limit=ENOUGH)).items
    for campaign in sorted(found, key=lambda one: one.id):
        # lint: no-row-loops because a turn is a campaign
        rows += [link_row(call, campaign.id, link) for link in await list_link_counts(call.tx, campaign.id)]
    return Answer({"links": cut(rows, call.query), "meta": meta(len(rows))})
