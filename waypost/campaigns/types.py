"""Rows and documents of campaigns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from waypost.kernel.clock import Clock, Weekday
from waypost.kernel.model import Model

Kind = Literal["standard", "split", "autoresponder", "date_based", "rss"]
RECURRING: tuple[Kind, ...] = ("autoresponder", "date_based", "rss")
"""They go on until somebody stops them; while paused they may be changed."""
State = Literal["draft", "scheduled", "sending", "paused", "sent", "cancelled"]
Metric = Literal["opens", "clicks", "replies", "revenue"]
Rule = Literal["period", "significance", "bandit"]
Tie = Literal["first", "other_metric"]
Decision = Literal["asked", "approved", "returned"]
Id = Annotated[int, msgspec.Meta(ge=1)]
Ids = Annotated[tuple[Id, ...], msgspec.Meta(max_length=100)]
Word = Annotated[str, msgspec.Meta(max_length=100)]


class CampaignAudience(Model):
    """Everyone on any of the lists or in any of the segments, but nobody of the excluded ones."""

    everyone: bool = False
    list_ids: Ids = ()
    segment_ids: Ids = ()
    exclude_list_ids: Ids = ()
    exclude_segment_ids: Ids = ()
    unopened_campaign_id: Id | None = None
    """Only who got this campaign and has neither opened nor clicked it."""

    @property
    def is_empty(self) -> bool:
        return not (self.everyone or self.list_ids or self.segment_ids or self.unopened_campaign_id)


class Utm(Model):
    """What is added to links for web analytics; nothing while the source is empty."""

    source: Word = ""
    medium: Word = "email"
    campaign: Word = ""


class SplitTest(Model):
    """How the winner is found."""

    share: Annotated[int, msgspec.Meta(ge=1, le=100)] = 20
    """Percent of the audience that the variants are tried on."""
    metric: Metric = "opens"
    revenue_days: Annotated[int, msgspec.Meta(ge=1, le=90)] = 7
    """A deal counts when it is won within so many days of the contact's first opening or clicking."""
    rule: Rule = "period"
    hours: Annotated[float, msgspec.Meta(gt=0, le=720)] = 4
    confidence: Annotated[float, msgspec.Meta(ge=0.5, le=0.999)] = 0.95
    tie: Tie = "other_metric"


class Timing(Model):
    """When a recurring campaign sends; each kind reads what concerns it."""

    delay_hours: Annotated[int, msgspec.Meta(ge=0, le=17_520)] = 0
    """Autoresponder: so long after subscribing to one of its lists."""
    include_existing: bool = False
    """Autoresponder: those who have subscribed before it starts get it too, who are past the delay at once.

    Feed: what is in it at the start goes out as the first issue.
    """
    field_id: Id | None = None
    """Date-based: a field that holds a date."""
    days: Annotated[int, msgspec.Meta(ge=0, le=366)] = 0
    direction: Literal["before", "after"] = "before"
    is_yearly: bool = True
    """Date-based: the day and the month count, whatever the year."""
    at_time: Clock = "09:00"
    """Date-based: by the workspace's clock, or by the contact's with `is_local_time`. Feed: by the workspace's."""
    feed_url: Annotated[str, msgspec.Meta(max_length=2_000, pattern=r"^(https?://[^\s]+)?$")] = ""
    """Feed: where it is."""
    every: Literal["hour", "day", "week", "month"] = "day"
    """Feed: how often it is read; of a month its first day."""
    weekday: Weekday = "monday"
    most_items: Annotated[int, msgspec.Meta(ge=1, le=50)] = 5
    """Feed: the newest of those that are new."""


class Approval(Model):
    """What was decided last: somebody asks, an admin approves or returns the draft."""

    decision: Decision
    content: str
    """A digest of what the decision is about."""
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands with a campaign's approval. Outdated: it was approved, and changed afterwards."""

    is_needed: bool
    is_approved: bool
    is_outdated: bool
    content: str
    last: Approval | None


@dataclass(frozen=True, slots=True)
class Variant:
    """One way the campaign reads, and what came of it."""

    campaign_id: int
    number: int
    subject: str
    from_name: str
    from_email: str
    message_id: int | None
    sent_message_id: int | None
    total: int
    waiting: int
    sent: int
    failed: int
    refused: int
    opened: int
    clicked: int
    open_count: int
    click_count: int
    unsubscribed: int
    bounced: int
    machine_opened: int
    """Opened by machines alone."""
    machine_open_count: int
    replied: int
    takings: dict[str, Any]
    """By currency, the deals won by those who read it."""


@dataclass(frozen=True, slots=True)
class FeedState:
    """How it stands with the feed of a campaign."""

    read_at: datetime | None
    problem: str | None


@dataclass(frozen=True, slots=True)
class Taking:
    """Deals won in one currency: how many, their value in its smallest unit, and the sum of the values' squares."""

    won: int
    value: int
    squares: float


@dataclass(frozen=True, slots=True)
class Campaign:
    id: int
    name: str
    kind: Kind
    state: State
    message_id: int | None
    subject: str
    preheader: str
    from_name: str
    from_email: str
    reply_to: str
    audience: dict[str, Any]
    utm: dict[str, Any]
    test: dict[str, Any]
    scheduled_at: datetime | None
    is_local_time: bool
    breaker_percent: int
    parent_id: int | None
    pause_reason: str | None
    started_at: datetime | None
    frozen_upto: int
    frozen_count: int
    is_frozen: bool
    is_held: bool
    tested_at: datetime | None
    wave: int
    winner: int | None
    decision: dict[str, Any] | None
    decided_at: datetime | None
    finished_at: datetime | None
    dirty_at: datetime | None
    counted_at: datetime | None
    count_milliseconds: int
    domains: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    created_at: datetime
    updated_at: datetime
    approval: dict[str, Any] | None
    timing: dict[str, Any]
    looked_at: datetime | None

    @property
    def people(self) -> CampaignAudience:
        return msgspec.convert(self.audience, CampaignAudience)

    @property
    def is_recurring(self) -> bool:
        return self.kind in RECURRING

    @property
    def when(self) -> Timing:
        return msgspec.convert(self.timing, Timing)

    @property
    def rules(self) -> SplitTest:
        return msgspec.convert(self.test, SplitTest)
