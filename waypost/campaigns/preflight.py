"""What should be looked at before a campaign goes out: errors hold it up, warnings do not."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from waypost.campaigns.approval import get_standing
from waypost.campaigns.feed_tags import has_items
from waypost.campaigns.people import check_date_field, count_audience
from waypost.campaigns.types import Campaign, Variant
from waypost.delivery.queries import DEFAULT_FROM_EMAIL, get_sender, has_real_server
from waypost.kernel.errors import Failure, Invalid
from waypost.kernel.tx import ReadTx
from waypost.messages.check import check_message
from waypost.messages.preview import preview_message
from waypost.messages.queries import find_message

CLIPPED_BYTES = 102_000
"""Gmail cuts mails behind this."""
_IMAGE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r'\balt="[^"]+"')


@dataclass(frozen=True, slots=True)
class Check:
    level: Literal["error", "warning", "ok"]
    code: str
    message: str


async def check_campaign(tx: ReadTx, campaign: Campaign, variants: Sequence[Variant]) -> list[Check]:
    """Everything found, errors first."""
    found = [*await _approval(tx, campaign), *await _people(tx, campaign), *await _timing(tx, campaign)]
    if campaign.kind == "split" and len(variants) < 2:
        found.append(Check("error", "variants", "A split test needs at least two variants."))
    seen: set[tuple[str, str]] = set()
    for variant in variants:
        # lint: no-row-loops because there are at most five
        for check in await _letter(tx, campaign, variant):
            if (check.code, check.message) not in seen:
                seen.add((check.code, check.message))
                found.append(check)
    return sorted(found, key=lambda check: ("error", "warning", "ok").index(check.level))


async def _approval(tx: ReadTx, campaign: Campaign) -> list[Check]:
    standing = await get_standing(tx, campaign)
    if not standing.is_needed:
        return []
    if standing.is_approved and standing.last is not None:
        return [Check("ok", "approval", f"Approved by {standing.last.by}.")]
    if standing.is_outdated:
        return [Check("error", "approval", "It was changed after it was approved. It needs a new approval.")]
    return [Check("error", "approval", "Campaigns need the approval of an admin before they are sent.")]


async def _people(tx: ReadTx, campaign: Campaign) -> list[Check]:
    if campaign.people.is_empty:
        return [Check("error", "audience", "Choose who gets the campaign.")]
    try:
        counts = await count_audience(tx, campaign.people)
    except Failure as failure:
        return [Check("warning", "audience", failure.detail)]
    if campaign.kind == "rss":
        return [Check("ok", "audience", f"{counts['reachable']:,} contacts would get an issue now.")]
    if campaign.kind == "autoresponder":
        return [Check("ok", "audience", f"{counts['reachable']:,} contacts are on its lists now.")]
    if campaign.kind == "date_based":
        return [Check("ok", "audience", f"{counts['reachable']:,} contacts may get it when their date comes.")]
    if counts["reachable"] == 0:
        return [Check("warning", "audience", "Nobody in the audience can be mailed now.")]
    left_out = counts["count"] - counts["reachable"]
    words = f"{counts['reachable']:,} contacts will get it"
    return [Check("ok", "audience", f"{words}; {left_out:,} cannot be mailed." if left_out else f"{words}.")]


async def _timing(tx: ReadTx, campaign: Campaign) -> list[Check]:
    if campaign.kind == "autoresponder" and not campaign.people.list_ids:
        return [Check("error", "timing", "Choose the lists whose new subscribers get it.")]
    if campaign.kind == "date_based":
        if campaign.when.field_id is None:
            return [Check("error", "timing", "Choose the field whose date it goes by.")]
        try:
            await check_date_field(tx, campaign.when.field_id)
        except Invalid as failure:
            return [Check("error", "timing", failure.problems[0].message)]
    if campaign.kind == "rss" and not campaign.when.feed_url:
        return [Check("error", "timing", "Give the address of the feed.")]
    return []


async def _letter(tx: ReadTx, campaign: Campaign, variant: Variant) -> list[Check]:
    message_id = variant.message_id or campaign.message_id
    message = await find_message(tx, message_id) if message_id else None
    if message is None:
        return [Check("error", "message", "Choose a message.")]
    found: list[Check] = []
    if campaign.kind == "rss" and not has_items(message.document):
        found.append(Check("error", "content", "The message shows nothing of the feed: use %RSS:ITEM:TITLE% in it."))
    subject = variant.subject or campaign.subject or message.subject
    if not subject.strip():
        found.append(Check("error", "subject", "The subject is empty."))
    elif len(subject) > 90:
        found.append(Check("warning", "subject", "The subject is longer than most mail programs show."))
    found += await _sender(tx, variant.from_email or campaign.from_email or message.from_email)
    try:
        findings = await check_message(tx, document=message.document, subject=subject, preheader=message.preheader)
        found += [Check(item.level, "content", f"{item.where}: {item.message}") for item in findings]
        if any(item.level == "error" for item in findings):
            return found
        shown = await preview_message(
            tx, document=message.document, subject=subject, preheader=message.preheader, contact_id=None
        )
    except Failure as failure:
        return [*found, Check("error", "content", failure.detail)]
    return found + _content(shown.html, message.document)


async def _sender(tx: ReadTx, from_email: str) -> list[Check]:
    address = from_email or (await get_sender(tx)).from_email
    if "@" not in address:
        return [Check("error", "sender", "There is no sender. Add one under Senders.")]
    if address == DEFAULT_FROM_EMAIL and await has_real_server(tx):
        return [Check("error", "sender", "The sender's address is made up. Add a real one under Senders.")]
    return [Check("ok", "sender", f"It comes from {address}.")]


def _content(html: str, document: dict[str, Any]) -> list[Check]:
    found: list[Check] = []
    if not document.get("blocks") and not document.get("html"):
        found.append(Check("error", "content", "The message has no content."))
    size = len(html.encode())
    if size > CLIPPED_BYTES:
        found.append(Check("warning", "size", f"The mail has {size // 1000} KB; Gmail cuts it behind 102 KB."))
    silent = sum(not _ALT.search(image) for image in _IMAGE.findall(html))
    if silent:
        words = "1 image has" if silent == 1 else f"{silent} images have"
        found.append(Check("warning", "images", f"{words} no description for those who do not see them."))
    if "http" not in html:
        found.append(Check("warning", "links", "There is no link in the message."))
    return found
