"""Bodies of the campaign routes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from waypost.campaigns.feeds import Feed
from waypost.campaigns.preflight import Check
from waypost.campaigns.takings import revenue
from waypost.campaigns.testing import trials
from waypost.campaigns.types import Approval, Campaign, CampaignAudience, Id, Kind, SplitTest, Timing, Utm, Variant
from waypost.campaigns.winner import chances
from waypost.kernel.model import Model, Out

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Line = Annotated[str, msgspec.Meta(max_length=500)]
Percent = Annotated[int, msgspec.Meta(ge=1, le=100)]
FIGURES = (
    "total", "waiting", "sent", "failed", "refused", "opened", "clicked", "open_count", "click_count", "unsubscribed",
    "bounced", "machine_opened", "machine_open_count", "replied",
)  # fmt: skip


class VariantBody(Model):
    """What differs; empty means as the campaign."""

    subject: Line = ""
    from_name: Line = ""
    from_email: Line = ""
    message_id: Id | None = None


Variants = Annotated[list[VariantBody], msgspec.Meta(max_length=5)]


class CampaignPatch(Model):
    name: Name | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    message_id: Id | None | UnsetType = UNSET
    subject: Line | UnsetType = UNSET
    preheader: Line | UnsetType = UNSET
    from_name: Line | UnsetType = UNSET
    from_email: Line | UnsetType = UNSET
    reply_to: Line | UnsetType = UNSET
    audience: CampaignAudience | UnsetType = UNSET
    utm: Utm | UnsetType = UNSET
    test: SplitTest | UnsetType = UNSET
    timing: Timing | UnsetType = UNSET
    is_local_time: bool | UnsetType = UNSET
    breaker_percent: Percent | UnsetType = UNSET
    variants: Variants | UnsetType = UNSET

    def changes(self) -> dict[str, Any]:
        given = {name: getattr(self, name) for name in self.__struct_fields__ if getattr(self, name) is not UNSET}
        if "variants" in given:
            given["variants"] = [msgspec.to_builtins(item) for item in given["variants"]]
        return given


class CampaignBody(CampaignPatch, kw_only=True):
    name: Name  # pyright: ignore[reportIncompatibleVariableOverride, reportGeneralTypeIssues]


class ScheduleBody(Model):
    """Without a time, at once."""

    at: datetime | None = None


class WinnerBody(Model):
    variant: Annotated[int, msgspec.Meta(ge=1, le=5)]


class ResendBody(Model):
    subject: Line = ""


class TestBody(Model):
    """Addresses that get a test of every variant: a person's own, or a seed list."""

    emails: Annotated[list[Annotated[str, msgspec.Meta(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]], msgspec.Meta(min_length=1, max_length=20)]  # fmt: skip
    contact_id: Id | None = None


class RevenueOut(Out):
    """Deals won by those who opened or clicked, in one currency and its smallest unit."""

    currency: str
    won: int
    value: int


class Figures(Out):
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
    """Recipients whose mail only machines have opened; not among `opened`."""
    machine_open_count: int
    replied: int
    revenue: list[RevenueOut]

    @classmethod
    def of(cls, variants: Sequence[Variant]) -> Figures:
        taken = [
            RevenueOut(currency=currency, won=one.won, value=one.value) for currency, one in revenue(variants).items()
        ]
        return cls(**{name: sum(getattr(item, name) for item in variants) for name in FIGURES}, revenue=taken)


class VariantOut(Out):
    number: int
    subject: str
    from_name: str
    from_email: str
    message_id: int | None
    sent_message_id: int | None
    figures: Figures
    chance: float | None
    """The probability to be the best, of a split campaign that has been sent to somebody."""


class CampaignOut(Out):
    id: int
    name: str
    kind: str
    state: str
    message_id: int | None
    subject: str
    preheader: str
    from_name: str
    from_email: str
    reply_to: str
    audience: CampaignAudience
    utm: Utm
    test: SplitTest
    timing: Timing
    scheduled_at: datetime | None
    is_local_time: bool
    breaker_percent: int
    parent_id: int | None
    pause_reason: str | None
    started_at: datetime | None
    is_frozen: bool
    frozen_count: int
    winner: int | None
    decision: dict[str, Any] | None
    decided_at: datetime | None
    finished_at: datetime | None
    counted_at: datetime | None
    created_at: datetime
    updated_at: datetime
    approval: Approval | None
    figures: Figures
    variants: list[VariantOut]

    @classmethod
    def of(cls, campaign: Campaign, variants: Sequence[Variant]) -> CampaignOut:
        chance: list[float | None] = [None] * len(variants)
        if campaign.kind == "split" and any(item.sent for item in variants):
            first, _ = trials(variants, campaign.rules)
            chance = list(chances(first))
        shown = [
            VariantOut(
                number=item.number,
                subject=item.subject,
                from_name=item.from_name,
                from_email=item.from_email,
                message_id=item.message_id,
                sent_message_id=item.sent_message_id,
                figures=Figures.of([item]),
                chance=sure,
            )
            for item, sure in zip(variants, chance, strict=True)
        ]
        plain = {name: getattr(campaign, name) for name in cls.__struct_fields__ if hasattr(campaign, name)}
        plain |= {"audience": campaign.people, "test": campaign.rules, "utm": msgspec.convert(campaign.utm, Utm)}
        plain["timing"] = campaign.when
        plain["approval"] = None if campaign.approval is None else msgspec.convert(campaign.approval, Approval)
        return cls(**plain, figures=Figures.of(variants), variants=shown)


class ApprovalBody(Model):
    """`content` as it was shown to the one who decides."""

    content: Annotated[str, msgspec.Meta(max_length=64)]
    note: Annotated[str, msgspec.Meta(max_length=2000)] = ""


class PolicyBody(Model):
    needs_approval: bool


class FeedBody(Model):
    url: Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s]+$", max_length=2_000)]


class FeedItemOut(Out):
    title: str
    link: str
    summary: str
    image: str
    published_at: datetime | None


class FeedOut(Out):
    """A feed as it is now; the newest of its items first, and how many there are."""

    title: str
    count: int
    items: list[FeedItemOut]

    @classmethod
    def of(cls, feed: Feed, *, most: int = 5) -> FeedOut:
        items = [
            FeedItemOut(**{name: getattr(item, name) for name in FeedItemOut.__struct_fields__})
            for item in feed.items[:most]
        ]
        return cls(title=feed.title, count=len(feed.items), items=items)


class IssueList(Out):
    """What a feed's campaign has sent, and how it stands with the feed."""

    items: list[CampaignOut]
    next: str | None
    read_at: datetime | None
    problem: str | None
    next_at: datetime | None
    """When the feed is read next, while the campaign runs."""


class CampaignList(Out):
    items: list[CampaignOut]
    next: str | None
    total: int | None = None


class AudienceCount(Out):
    count: int
    reachable: int


class CheckList(Out):
    items: list[Check]
    is_ready: bool

    @classmethod
    def of(cls, checks: list[Check]) -> CheckList:
        return cls(items=checks, is_ready=not any(check.level == "error" for check in checks))


class HourOut(Out):
    hour: datetime
    sent: int = 0
    opened: int = 0
    clicked: int = 0


class LinkOut(Out):
    variant: int
    message_id: int
    link: int
    url: str
    clicks: int
    people: int


class LinkMapOut(Out):
    """A variant as it was sent, each tracked link leading to `#link-<number>`; nothing in it runs."""

    variant: int
    message_id: int
    subject: str
    html: str


class Report(Out):
    """What the report page shows beside the campaign itself."""

    hours: list[HourOut]
    links: list[LinkOut]
    domains: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    coming: int
    """Who is in and waits for a time, as after subscribing."""
    next_at: datetime | None
    """When the next of those gets it."""


class RecipientOut(Out):
    id: int
    contact_id: int
    message_id: int
    email: str
    first_name: str
    last_name: str
    state: int
    smtp_code: int | None
    smtp_reply: str | None
    sent_at: datetime | None
    opened_at: datetime | None
    open_count: int
    clicked_at: datetime | None
    click_count: int


class RecipientList(Out):
    items: list[RecipientOut]
    next: str | None
    total: int | None = None
