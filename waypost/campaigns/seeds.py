"""Tests of a campaign, to a person's own address or a seed list: each variant, not counted."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.campaigns.errors import CampaignUnready
from waypost.campaigns.issues import TestIssue
from waypost.campaigns.queries import get_campaign, list_variants
from waypost.delivery.actions import queue_test
from waypost.kernel.tx import Tx


async def send_tests(tx: Tx, campaign_id: int, *, emails: Sequence[str], contact_id: int | None) -> int:
    """The messages as they are written now, or the copies once there are any; returns how many."""
    campaign = await get_campaign(tx, campaign_id)
    variants = (await list_variants(tx, [campaign_id]))[campaign_id]
    messages = {item.sent_message_id or item.message_id or campaign.message_id for item in variants}
    chosen = sorted(number for number in messages if number)
    if not chosen:
        raise CampaignUnready(message="Choose a message first.")
    if campaign.kind == "rss":
        await tx.enqueue(TestIssue(campaign_id=campaign_id, emails=list(emails), contact_id=contact_id))
        return len(emails)
    for message_id in chosen:
        for email in emails:
            # lint: no-row-loops because there are at most a hundred
            await queue_test(tx, message_id, email=email, contact_id=contact_id)
    return len(chosen) * len(emails)
