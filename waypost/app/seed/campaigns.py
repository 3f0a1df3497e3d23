"""Campaigns of the sample workspace: four newsletters and a split test that were sent, birthdays, one to come, one draft.

They are sent by the campaign engine on their days; opens and clicks come as those of every other message.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from waypost.app.seed.messages import ISSUES
from waypost.app.seed.people import Words
from waypost.campaigns.actions import create_campaign, schedule_campaign
from waypost.campaigns.launch import advance
from waypost.campaigns.types import CampaignAudience, SplitTest, Timing, Utm
from waypost.kernel.db import Database
from waypost.kernel.tx import Tx

SPLIT_DAY = 21
SUBJECTS = ("Your next bag is on us", "A small thank-you from the roastery", "Have you tried the Huila yet?")


async def send_issue(tx: Tx, words: Words, letters: Mapping[str, int], number: int) -> None:
    """The newsletter of a week, to its list."""
    name = list(ISSUES)[number]
    campaign = await create_campaign(
        tx,
        name=name,
        message_id=letters[name],
        audience=CampaignAudience(list_ids=(words.lists["Newsletter"],)),
        utm=Utm(source="newsletter"),
    )
    await schedule_campaign(tx, campaign.id)


async def start_birthdays(tx: Tx, words: Words, letters: Mapping[str, int]) -> None:
    """A treat for everybody's birthday, which goes on."""
    campaign = await create_campaign(
        tx,
        name="Birthday treat",
        kind="date_based",
        message_id=letters["birthday"],
        audience=CampaignAudience(list_ids=(words.lists["Newsletter"],)),
        timing=Timing(field_id=words.fields["Birthday"].id, at_time="08:00"),
        is_local_time=True,
    )
    await schedule_campaign(tx, campaign.id)


async def send_split(tx: Tx, words: Words, letters: Mapping[str, int]) -> None:
    """Three subjects, tried on 40 percent."""
    variants: list[dict[str, Any]] = [{"subject": subject} for subject in SUBJECTS]
    campaign = await create_campaign(
        tx,
        name="Thank-you offer",
        kind="split",
        message_id=letters[next(iter(ISSUES))],
        audience=CampaignAudience(list_ids=(words.lists["Newsletter"],)),
        variants=variants,
        test=SplitTest(share=40, rule="period", hours=6),
    )
    await schedule_campaign(tx, campaign.id)


async def plan_next(tx: Tx, words: Words, letters: Mapping[str, int], *, now: datetime) -> None:
    """One for next week, and one that is being written."""
    audience = CampaignAudience(list_ids=(words.lists["Newsletter"],))
    names = list(ISSUES)
    planned = await create_campaign(
        tx, name="Newsletter: gifts for the holidays", message_id=letters[names[-1]], audience=audience,
        subject="Gifts that smell of coffee",
    )  # fmt: skip
    at = (now + timedelta(days=5)).replace(hour=9, minute=0, second=0, microsecond=0)
    await schedule_campaign(tx, planned.id, at=at)
    variants: list[dict[str, Any]] = [{"subject": "New year, new roast"}, {"subject": "What we roast in January"}]
    await create_campaign(
        tx, name="January preview", kind="split", message_id=letters[names[0]], audience=audience, variants=variants
    )


async def run_campaigns(db: Database, workspace_id: int, at: datetime) -> None:
    """Let the engine do all there is to do at the time."""
    more = True
    while more:
        async with db.transaction(workspace_id, now=at) as tx:
            # lint: no-row-loops because a turn is a part of a campaign
            more = await advance(tx)
