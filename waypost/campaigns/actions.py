"""Writing campaigns and moving them from state to state; the engine (launch.py) does the sending.

draft --schedule/send--> scheduled --its time--> sending --all sent--> sent
  ^                          |                    |   ^
  +-------- unschedule ------+              pause |   | resume
                                                  v   |
                                                paused      cancel: scheduled, sending, paused --> cancelled
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from waypost.campaigns.approval import is_cleared
from waypost.campaigns.errors import CampaignStarted, CampaignUnready, StepRefused
from waypost.campaigns.people import check_audience, check_date_field
from waypost.campaigns.preflight import check_campaign
from waypost.campaigns.queries import get_campaign, list_variants
from waypost.campaigns.rolling import CHANNEL, retime
from waypost.campaigns.snapshot import write_copies
from waypost.campaigns.types import Campaign, CampaignAudience, Kind, Timing, Variant
from waypost.kernel.errors import invalid
from waypost.kernel.model import Model
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.messages.queries import get_message

ZONES_AHEAD = timedelta(hours=26)
"""How long before the workspace's own clock somebody else's may show the same time."""
EDITABLE = ("draft", "scheduled")
TO_DRAFT = sql("state = 'draft', scheduled_at = null, wake_at = null")


async def create_campaign(
    tx: Tx, *, name: str, kind: Kind = "standard", variants: Sequence[dict[str, Any]] = (), **given: Any
) -> Campaign:
    """A draft with everything given; a standard campaign has the one variant."""
    campaign_id = await tx.value(
        sql(
            """
            insert into campaigns.campaign (workspace_id, name, kind, state, subject, preheader, from_name, from_email,
                reply_to, audience, utm, test, is_local_time, breaker_percent, parent_id, created_at, updated_at)
            values ({workspace}, {name}, {kind}, 'draft', '', '', '', '', '', '{{}}', '{{}}', '{{}}', false, 10,
                    {parent_id}::bigint, {now}, {now})
            returning id
            """,
            name=name.strip() or "Campaign",
            kind=kind,
            parent_id=given.pop("parent_id", None),
        )
    )
    await write_variants(tx, campaign_id, variants)
    return await update_campaign(tx, campaign_id, **given)


async def update_campaign(tx: Tx, campaign_id: int, **changes: Any) -> Campaign:
    """Change a draft, or what is scheduled and has not begun; the latter is a draft again where it needs approval."""
    before = await _lock(tx, campaign_id)
    await _check_changes(tx, before, changes)
    variants = changes.pop("variants", None)
    for name in ("audience", "utm", "test", "timing"):
        if isinstance(changes.get(name), Model):
            changes[name] = msgspec.to_builtins(changes[name])
    values = {name: changes.get(name, getattr(before, name)) for name in _CHANGED}
    await tx.run(
        sql(
            """
            update campaigns.campaign set name = {name}, kind = {kind}, message_id = {message_id}::bigint,
                subject = {subject}, preheader = {preheader}, from_name = {from_name}, from_email = {from_email},
                reply_to = {reply_to}, audience = {audience}::jsonb, utm = {utm}::jsonb, test = {test}::jsonb,
                timing = {timing}::jsonb, is_local_time = {is_local_time}, breaker_percent = {breaker_percent}, updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=campaign_id,
            **values,
        )
    )
    if variants is not None:
        await write_variants(tx, campaign_id, variants)
    elif values["kind"] != "split" and before.kind == "split":
        await write_variants(tx, campaign_id, ())
    tx.wake("live")
    changed = await get_campaign(tx, campaign_id)
    if before.state == "paused":
        await retime(tx, before, changed)
    if before.state == "scheduled" and not await is_cleared(tx, changed):
        return await _move(tx, campaign_id, TO_DRAFT)
    return changed


_CHANGED = (
    "name", "kind", "message_id", "subject", "preheader", "from_name", "from_email", "reply_to", "audience", "utm",
    "test", "timing", "is_local_time", "breaker_percent",
)  # fmt: skip


async def _check_changes(tx: Tx, before: Campaign, changes: Mapping[str, Any]) -> None:
    """Whether it may be changed now, and what is named is there."""
    is_paused = before.state == "paused" and before.is_recurring
    if before.state not in EDITABLE and not is_paused:
        raise CampaignStarted(state=before.state)
    if is_paused and changes.get("kind", before.kind) != before.kind:
        raise invalid("/kind", "What a campaign is stays as it is once it has been sent.")
    if "name" in changes and not changes["name"].strip():
        raise invalid("/name", "Give the campaign a name.")
    audience: CampaignAudience | None = changes.get("audience")
    if audience is not None:
        await check_audience(tx, audience)
    if changes.get("message_id"):
        await get_message(tx, changes["message_id"])
    timing: Timing | None = changes.get("timing")
    if isinstance(timing, Timing) and timing.field_id is not None:
        await check_date_field(tx, timing.field_id)


async def write_variants(tx: Tx, campaign_id: int, variants: Sequence[dict[str, Any]]) -> None:
    """These instead of those there were."""
    rows = list(variants) or [{}]
    await tx.run(
        sql("delete from campaigns.variant where workspace_id = {workspace} and campaign_id = {id}", id=campaign_id)
    )
    await tx.run(
        sql(
            """
            insert into campaigns.variant (workspace_id, campaign_id, number, subject, from_name, from_email, message_id)
            select {workspace}, {id}, place, subject, from_name, from_email, message_id
            from unnest({subjects}::text[], {names}::text[], {emails}::text[], {messages}::bigint[])
              with ordinality as given (subject, from_name, from_email, message_id, place)
            """,
            id=campaign_id,
            subjects=[row.get("subject") or "" for row in rows],
            names=[row.get("from_name") or "" for row in rows],
            emails=[row.get("from_email") or "" for row in rows],
            messages=[row.get("message_id") for row in rows],
        )
    )


async def schedule_campaign(tx: Tx, campaign_id: int, *, at: datetime | None = None) -> Campaign:
    """Send at the time, or now; what preflight calls an error holds it up."""
    campaign = await _lock(tx, campaign_id)
    if campaign.state not in EDITABLE:
        raise StepRefused(state=campaign.state, verb="scheduled")
    await _check_ready(tx, campaign)
    due = max(at, tx.now) if at else tx.now
    begins = due - ZONES_AHEAD if campaign.is_local_time and not campaign.is_recurring else due
    return await _move(
        tx, campaign_id, sql("state = 'scheduled', scheduled_at = {due}, wake_at = {begins}", due=due, begins=begins)
    )


async def _check_ready(tx: Tx, campaign: Campaign) -> list[Variant]:
    variants = (await list_variants(tx, [campaign.id]))[campaign.id]
    errors = [check.message for check in await check_campaign(tx, campaign, variants) if check.level == "error"]
    if errors:
        raise CampaignUnready(message=" ".join(errors))
    return variants


async def unschedule_campaign(tx: Tx, campaign_id: int) -> Campaign:
    """Back to a draft."""
    await _expect(tx, campaign_id, "unscheduled", "scheduled")
    return await _move(tx, campaign_id, TO_DRAFT)


async def pause_campaign(tx: Tx, campaign_id: int, *, reason: str | None = None) -> Campaign:
    """Nothing more goes out but what is on the wire just now."""
    await _expect(tx, campaign_id, "paused", "sending")
    return await _move(
        tx,
        campaign_id,
        sql("state = 'paused', pause_reason = {reason}::text, is_held = false, wake_at = {now}", reason=reason),
    )


async def resume_campaign(tx: Tx, campaign_id: int) -> Campaign:
    """What was changed of a recurring campaign in the meantime is in the mails from here on."""
    campaign = await _expect(tx, campaign_id, "resumed", "paused")
    if campaign.is_recurring:
        variants = await _check_ready(tx, campaign)
        if campaign.kind != "rss":
            await write_copies(tx, campaign, variants)
    return await _move(tx, campaign_id, sql("state = 'sending', pause_reason = null, is_held = true, wake_at = {now}"))


async def cancel_campaign(tx: Tx, campaign_id: int) -> Campaign:
    """For good: what has not gone out is taken back."""
    await _expect(tx, campaign_id, "cancelled", "scheduled", "sending", "paused")
    return await _move(
        tx, campaign_id, sql("state = 'cancelled', is_held = false, finished_at = {now}, wake_at = {now}")
    )


async def choose_winner(tx: Tx, campaign_id: int, number: int) -> Campaign:
    """A person decides, before the test does."""
    campaign = await _expect(tx, campaign_id, "decided", "sending", "paused")
    variants = (await list_variants(tx, [campaign_id]))[campaign_id]
    if campaign.kind != "split" or campaign.winner is not None:
        raise CampaignUnready(message="The campaign has no test that is still to be decided.")
    if number not in {variant.number for variant in variants}:
        raise invalid("/variant", f"There is no variant {number}.")
    decision: dict[str, Any] = {"by": "person"}
    return await _move(
        tx,
        campaign_id,
        sql(
            "winner = {number}, decided_at = {now}, decision = {decision}, wake_at = {now}",
            number=number,
            decision=decision,
        ),
    )


async def duplicate_campaign(
    tx: Tx, campaign_id: int, *, name: str = "", unopened: bool = False, subject: str = ""
) -> Campaign:
    """A new draft like it; with `unopened` for those who got it and did neither open nor click."""
    original = await get_campaign(tx, campaign_id)
    rows = (await list_variants(tx, [campaign_id]))[campaign_id]
    variants = [
        {name: getattr(row, name) for name in ("subject", "from_name", "from_email", "message_id")} for row in rows
    ]
    given = {name: getattr(original, name) for name in _CHANGED if name not in ("name", "audience")}
    audience = original.people
    if unopened:
        best = next((row for row in rows if row.number == original.winner), rows[0])
        given |= {"kind": "standard", "message_id": best.message_id or original.message_id}
        given["subject"] = subject or best.subject or original.subject
        variants, audience = [], CampaignAudience(unopened_campaign_id=campaign_id)
    words = "(not opened)" if unopened else "(copy)"
    return await create_campaign(
        tx, name=name or f"{original.name} {words}", variants=variants, audience=audience,
        parent_id=campaign_id if unopened else None, **given,
    )  # fmt: skip


async def delete_campaign(tx: Tx, campaign_id: int) -> None:
    """Drafts, and campaigns that are over; the ledger and the messages that were sent stay."""
    await _expect(tx, campaign_id, "deleted", "draft", "sent", "cancelled")
    await tx.run(sql("delete from campaigns.campaign where workspace_id = {workspace} and id = {id}", id=campaign_id))


async def _lock(tx: Tx, campaign_id: int) -> Campaign:
    await tx.run(
        sql(
            "select id from campaigns.campaign where workspace_id = {workspace} and id = {id} for update",
            id=campaign_id,
        )
    )
    return await get_campaign(tx, campaign_id)


async def _expect(tx: Tx, campaign_id: int, verb: str, *states: str) -> Campaign:
    campaign = await _lock(tx, campaign_id)
    if campaign.state not in states:
        raise StepRefused(state=campaign.state, verb=verb)
    return campaign


async def _move(tx: Tx, campaign_id: int, changes: Sql) -> Campaign:
    await tx.run(
        sql(
            "update campaigns.campaign set {changes}, updated_at = {now} where workspace_id = {workspace} and id = {id}",
            changes=changes,
            id=campaign_id,
        )
    )
    tx.wake(CHANNEL)
    tx.wake("live")
    return await get_campaign(tx, campaign_id)
