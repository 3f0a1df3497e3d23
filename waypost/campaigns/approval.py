"""Approval: where the workspace wants it, a campaign is sent only as an admin has seen it.

An approval holds for one content: the campaign's settings, its variants and the messages they name, each as of its
last change. Whatever is changed afterwards makes another content, which nobody has approved; so nothing that writes
campaigns or messages has to know of approvals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec
import orjson

from waypost.campaigns.errors import ApprovalOutdated, StepRefused
from waypost.campaigns.queries import get_campaign, list_variants
from waypost.campaigns.types import Approval, Campaign, Decision, Standing, Variant
from waypost.identity.queries import list_users
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx

_SETTINGS = (
    "kind", "message_id", "subject", "preheader", "from_name", "from_email", "reply_to", "audience", "utm", "test",
    "timing", "is_local_time",
)  # fmt: skip
_DIFFERS = ("number", "subject", "from_name", "from_email", "message_id")


async def is_approval_needed(tx: ReadTx) -> bool:
    needed = await tx.value(sql("select needs_approval from campaigns.policy where workspace_id = {workspace}"))
    return bool(needed)


async def set_approval_needed(tx: Tx, *, is_needed: bool) -> None:
    """For every campaign that has not begun."""
    await tx.run(
        sql(
            """
            insert into campaigns.policy (workspace_id, needs_approval, updated_at)
            values ({workspace}, {is_needed}, {now})
            on conflict (workspace_id) do update
            set needs_approval = excluded.needs_approval, updated_at = excluded.updated_at
            """,
            is_needed=is_needed,
        )
    )
    tx.wake("live")


async def content_of(tx: ReadTx, campaign: Campaign, variants: Sequence[Variant]) -> str:
    """What would be sent, and to whom, as a short digest: two are equal only when nothing was changed between."""
    named = {campaign.message_id, *(variant.message_id for variant in variants)} - {None}
    messages = await tx.all(
        sql(
            """
            select id, revision from messages.message
            where workspace_id = {workspace} and id = any({ids}::bigint[]) order by id
            """,
            ids=sorted(one for one in named if one is not None),
        )
    )
    told = (
        [getattr(campaign, name) for name in _SETTINGS],
        [[getattr(variant, name) for name in _DIFFERS] for variant in variants],
        [tuple(message) for message in messages],
    )
    return hashlib.sha256(orjson.dumps(told, option=orjson.OPT_SORT_KEYS)).hexdigest()[:32]


async def get_standing(tx: ReadTx, campaign: Campaign) -> Standing:
    """How it stands with the approval of the campaign as it is now."""
    variants = (await list_variants(tx, [campaign.id]))[campaign.id]
    content = await content_of(tx, campaign, variants)
    last = None if campaign.approval is None else msgspec.convert(campaign.approval, Approval)
    is_outdated = last is not None and last.decision == "approved" and last.content != content
    return Standing(
        is_needed=await is_approval_needed(tx),
        is_approved=last is not None and last.decision == "approved" and not is_outdated,
        is_outdated=is_outdated,
        content=content,
        last=last,
    )


async def is_cleared(tx: ReadTx, campaign: Campaign) -> bool:
    """Whether nothing is left to be approved."""
    standing = await get_standing(tx, campaign)
    return standing.is_approved or not standing.is_needed


async def decide(tx: Tx, campaign_id: int, decision: Decision, *, content: str, note: str = "") -> Campaign:
    """Ask for approval, approve, or return the draft to its author; `content` is what the person looked at.

    Raises ApprovalOutdated when the campaign or one of its messages was changed since.
    """
    await tx.run(
        sql(
            "select 1 from campaigns.campaign where workspace_id = {workspace} and id = {id} for update", id=campaign_id
        )
    )
    campaign = await get_campaign(tx, campaign_id)
    if campaign.state != "draft":
        raise StepRefused(state=campaign.state, verb=decision)
    standing = await get_standing(tx, campaign)
    if content != standing.content:
        raise ApprovalOutdated(pointer="/content")
    approval = Approval(decision=decision, content=content, note=note.strip(), by=await _author(tx), at=tx.now)
    await tx.run(
        sql(
            """
            update campaigns.campaign set approval = {approval}::jsonb, updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=campaign_id,
            approval=msgspec.json.encode(approval).decode(),
        )
    )
    tx.wake("live")
    return await get_campaign(tx, campaign_id)


async def _author(tx: Tx) -> str:
    if tx.actor.kind == "user":
        for user in await list_users(tx):
            if user.id == tx.actor.id:
                return user.name or user.email
    return "API"
