"""Campaigns over HTTP."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Literal

from litestar import delete, get, patch, post, put
from litestar.params import Parameter

from waypost.campaigns.actions import (
    cancel_campaign,
    choose_winner,
    create_campaign,
    delete_campaign,
    duplicate_campaign,
    pause_campaign,
    resume_campaign,
    schedule_campaign,
    unschedule_campaign,
    update_campaign,
)
from waypost.campaigns.approval import decide, get_standing, is_approval_needed, set_approval_needed
from waypost.campaigns.feeds import fetch_feed
from waypost.campaigns.issues import next_reading
from waypost.campaigns.people import count_audience
from waypost.campaigns.preflight import check_campaign
from waypost.campaigns.queries import (
    get_campaign,
    get_coming,
    get_feed_state,
    get_sent_message,
    list_campaigns,
    list_hours,
    list_issues,
    list_link_counts,
    list_recipients,
    list_variants,
)
from waypost.campaigns.schemas import (
    ApprovalBody,
    AudienceCount,
    CampaignBody,
    CampaignList,
    CampaignOut,
    CampaignPatch,
    CheckList,
    FeedBody,
    FeedOut,
    HourOut,
    IssueList,
    LinkMapOut,
    LinkOut,
    PolicyBody,
    RecipientList,
    RecipientOut,
    Report,
    ResendBody,
    ScheduleBody,
    TestBody,
    WinnerBody,
)
from waypost.campaigns.seeds import send_tests
from waypost.campaigns.types import Campaign, CampaignAudience, Standing
from waypost.delivery.facts import LinkClicked, MessageOpened, MessageSent
from waypost.kernel.http.auth import Caller, Role, at_least
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork
from waypost.messages.link_map import draw_link_map

Limit = Annotated[int, Parameter(ge=1, le=200)]
StateName = Literal["draft", "scheduled", "sending", "paused", "sent", "cancelled"]
Only = Literal["all", "sent", "waiting", "failed", "refused", "opened", "unopened", "clicked", "replied"]


async def shown(tx: ReadTx, campaign: Campaign) -> CampaignOut:
    return CampaignOut.of(campaign, (await list_variants(tx, [campaign.id]))[campaign.id])


@get("/api/v1/campaigns")
async def read_campaigns(
    read: ReadTx,
    search: str = "",
    status: StateName | None = None,
    begins: datetime | None = None,
    ends: datetime | None = None,
    limit: Limit = 50,
    after: str | None = None,
) -> CampaignList:
    between = (begins, ends) if begins and ends else None
    page = await list_campaigns(read, search=search, state=status, between=between, limit=limit, after=after)
    variants = await list_variants(read, [item.id for item in page.items])
    return CampaignList(items=[CampaignOut.of(item, variants[item.id]) for item in page.items], next=page.next)


@post("/api/v1/campaigns")
async def add_campaign(data: CampaignBody, tx: Tx) -> CampaignOut:
    return await shown(tx, await create_campaign(tx, **data.changes()))


@post("/api/v1/campaigns/audience", status_code=200)
async def read_audience(data: CampaignAudience, read: ReadTx) -> AudienceCount:
    return AudienceCount(**await count_audience(read, data))


@get("/api/v1/campaigns/{campaign_id:int}")
async def read_campaign(campaign_id: int, read: ReadTx) -> CampaignOut:
    return await shown(read, await get_campaign(read, campaign_id))


@patch("/api/v1/campaigns/{campaign_id:int}")
async def change_campaign(campaign_id: int, data: CampaignPatch, tx: Tx) -> CampaignOut:
    return await shown(tx, await update_campaign(tx, campaign_id, **data.changes()))


@delete("/api/v1/campaigns/{campaign_id:int}")
async def drop_campaign(campaign_id: int, tx: Tx) -> None:
    await delete_campaign(tx, campaign_id)


@get("/api/v1/campaigns/policy")
async def read_policy(read: ReadTx) -> PolicyBody:
    return PolicyBody(needs_approval=await is_approval_needed(read))


@put("/api/v1/campaigns/policy", guards=[at_least(Role.ADMIN)])
async def set_policy(data: PolicyBody, tx: Tx) -> PolicyBody:
    await set_approval_needed(tx, is_needed=data.needs_approval)
    return data


@get("/api/v1/campaigns/{campaign_id:int}/approval")
async def read_approval(campaign_id: int, read: ReadTx) -> Standing:
    return await get_standing(read, await get_campaign(read, campaign_id))


@post("/api/v1/campaigns/{campaign_id:int}/approval/ask", status_code=200)
async def ask_approval(campaign_id: int, data: ApprovalBody, tx: Tx) -> CampaignOut:
    return await shown(tx, await decide(tx, campaign_id, "asked", content=data.content, note=data.note))


@post("/api/v1/campaigns/{campaign_id:int}/approval/approve", status_code=200, guards=[at_least(Role.ADMIN)])
async def approve(campaign_id: int, data: ApprovalBody, tx: Tx) -> CampaignOut:
    return await shown(tx, await decide(tx, campaign_id, "approved", content=data.content, note=data.note))


@post("/api/v1/campaigns/{campaign_id:int}/approval/return", status_code=200, guards=[at_least(Role.ADMIN)])
async def return_draft(campaign_id: int, data: ApprovalBody, tx: Tx) -> CampaignOut:
    return await shown(tx, await decide(tx, campaign_id, "returned", content=data.content, note=data.note))


@get("/api/v1/campaigns/{campaign_id:int}/checks")
async def read_checks(campaign_id: int, read: ReadTx) -> CheckList:
    campaign = await get_campaign(read, campaign_id)
    variants = (await list_variants(read, [campaign_id]))[campaign_id]
    return CheckList.of(await check_campaign(read, campaign, variants))


@post("/api/v1/campaigns/{campaign_id:int}/test", status_code=202)
async def send_test(campaign_id: int, data: TestBody, tx: Tx) -> None:
    await send_tests(tx, campaign_id, emails=data.emails, contact_id=data.contact_id)


@post("/api/v1/campaigns/{campaign_id:int}/schedule", status_code=200)
async def schedule(campaign_id: int, data: ScheduleBody, tx: Tx) -> CampaignOut:
    return await shown(tx, await schedule_campaign(tx, campaign_id, at=data.at))


@post("/api/v1/campaigns/{campaign_id:int}/unschedule", status_code=200)
async def unschedule(campaign_id: int, tx: Tx) -> CampaignOut:
    return await shown(tx, await unschedule_campaign(tx, campaign_id))


@post("/api/v1/campaigns/{campaign_id:int}/pause", status_code=200)
async def pause(campaign_id: int, tx: Tx) -> CampaignOut:
    return await shown(tx, await pause_campaign(tx, campaign_id))


@post("/api/v1/campaigns/{campaign_id:int}/resume", status_code=200)
async def resume(campaign_id: int, tx: Tx) -> CampaignOut:
    return await shown(tx, await resume_campaign(tx, campaign_id))


@post("/api/v1/campaigns/{campaign_id:int}/cancel", status_code=200)
async def cancel(campaign_id: int, tx: Tx) -> CampaignOut:
    return await shown(tx, await cancel_campaign(tx, campaign_id))


@post("/api/v1/campaigns/{campaign_id:int}/winner", status_code=200)
async def set_winner(campaign_id: int, data: WinnerBody, tx: Tx) -> CampaignOut:
    return await shown(tx, await choose_winner(tx, campaign_id, data.variant))


@post("/api/v1/campaigns/{campaign_id:int}/duplicate")
async def copy_campaign(campaign_id: int, tx: Tx) -> CampaignOut:
    return await shown(tx, await duplicate_campaign(tx, campaign_id))


@post("/api/v1/campaigns/{campaign_id:int}/resend")
async def resend(campaign_id: int, data: ResendBody, tx: Tx) -> CampaignOut:
    return await shown(tx, await duplicate_campaign(tx, campaign_id, unopened=True, subject=data.subject))


@get("/api/v1/campaigns/{campaign_id:int}/report")
async def read_report(campaign_id: int, read: ReadTx) -> Report:
    campaign = await get_campaign(read, campaign_id)
    names = {MessageSent.kind: "sent", MessageOpened.kind: "opened", LinkClicked.kind: "clicked"}
    hours: defaultdict[datetime, dict[str, int]] = defaultdict(dict)
    for row in await list_hours(read, campaign_id):
        if row["kind"] in names:
            hours[row["hour"]][names[row["kind"]]] = row["count"]
    links = [LinkOut(**row) for row in await list_link_counts(read, campaign_id)]
    series = [HourOut(hour=hour, **counts) for hour, counts in sorted(hours.items())]
    coming = await get_coming(read, campaign_id)
    return Report(hours=series, links=links, domains=campaign.domains, reasons=campaign.reasons, **coming)


@post("/api/v1/campaigns/feed", status_code=200)
async def look_at_feed(data: FeedBody, work: SystemWork, caller: Caller) -> FeedOut:
    """Read a feed, to see whether it is the right one; nothing is kept. For signed-in people."""
    del caller
    return FeedOut.of(await fetch_feed(work.settings, data.url))


@get("/api/v1/campaigns/{campaign_id:int}/issues")
async def read_issues(campaign_id: int, read: ReadTx, limit: Limit = 50, after: str | None = None) -> IssueList:
    campaign = await get_campaign(read, campaign_id)
    page = await list_issues(read, campaign_id, limit=limit, after=after)
    variants = await list_variants(read, [item.id for item in page.items])
    state = await get_feed_state(read, campaign_id)
    return IssueList(
        items=[CampaignOut.of(item, variants[item.id]) for item in page.items],
        next=page.next,
        read_at=state.read_at,
        problem=state.problem,
        next_at=await next_reading(read, campaign),
    )


@get("/api/v1/campaigns/{campaign_id:int}/link-map")
async def read_link_map(
    campaign_id: int, read: ReadTx, variant: Annotated[int, Parameter(ge=1, le=5)] = 1
) -> LinkMapOut:
    """To lay the report's clicks over the message, variant by variant."""
    message = await get_sent_message(read, campaign_id, variant)
    html = await draw_link_map(read, message)
    return LinkMapOut(variant=variant, message_id=message.id, subject=message.subject, html=html)


@get("/api/v1/campaigns/{campaign_id:int}/recipients")
async def read_recipients(
    campaign_id: int, read: ReadTx, only: Only = "all", variant: int | None = None, limit: Limit = 50,
    after: str | None = None,
) -> RecipientList:  # fmt: skip
    await get_campaign(read, campaign_id)
    page = await list_recipients(read, campaign_id, only=only, variant=variant, limit=limit, after=after)
    return RecipientList(items=[RecipientOut(**row) for row in page.items], next=page.next)


ROUTES = (
    read_campaigns, add_campaign, read_audience, read_campaign, change_campaign, drop_campaign, read_checks, send_test,
    schedule, unschedule, pause, resume, cancel, set_winner, copy_campaign, resend, read_report, read_link_map,
    look_at_feed, read_issues, read_recipients, read_policy, set_policy, read_approval, ask_approval, approve, return_draft,
)  # fmt: skip
