"""Campaigns, their messages and links as v3 rows: about a hundred columns, most of them fixed here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from waypost.campaigns.types import Campaign, Kind, Variant
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.coerce import zero_one
from waypost.dialects.activecampaign.envelope import Links, Row
from waypost.messages.types import Message

TYPES: Mapping[Kind, str] = {
    "standard": "single", "split": "split", "autoresponder": "responder", "date_based": "reminder", "rss": "activerss",
}  # fmt: skip
TYPE_WORDS: Mapping[Kind, str] = {
    "standard": "One-time", "split": "Split", "autoresponder": "Auto Responder", "date_based": "Date Based", "rss": "RSS Triggered",
}  # fmt: skip
STATUS: Mapping[str, int] = {"draft": 0, "scheduled": 1, "sending": 2, "paused": 3, "cancelled": 4, "sent": 5}
STATUS_WORDS: Mapping[str, str] = {
    "draft": "Draft", "scheduled": "Scheduled", "sending": "Sending", "paused": "Paused", "cancelled": "Stopped",
    "sent": "Completed",
}  # fmt: skip
_LINKS = Links(
    "campaigns",
    (
        "user",
        "automation",
        "campaignMessage",
        "campaignMessages",
        "links",
        "aggregateRevenues",
        "segment",
        "campaignLists",
    ),
)
_MESSAGE_LINKS = Links("messages", ("user",))
_ZEROS = (
    "bounceid", "realcid", "sendid", "threadid", "seriesid", "formid", "addressid", "forwards", "uniqueforwards",
    "softbounces", "unsubreasons", "updates", "socialshares", "mail_transfer", "mail_cleanup",
    "mailer_log_file", "tweet", "facebook", "embed_images", "willrecur", "split_offset", "responder_offset",
    "responder_existing", "reminder_offset", "activerss_items", "managetext", "waitpreview", "replysys", "created_by",
    "updated_by", "ip", "can_skip_approval", "use_quartz_scheduler", "predictive_send", "has_outdated_translations",
    "hasTranslations", "repair_by_pydex", "moderation_status", "campaignIsText", "has_predictive_content",
    "basetemplateid",
)  # fmt: skip
_EMPTY = (
    "survey", "htmlunsubdata", "textunsubdata", "recurring", "responder_type", "reminder_field", "reminder_format",
    "reminder_type", "reminder_offset_type", "activerss_interval", "activerss_url", "additional_data", "segmentname",
    "screenshot", "split_type",
)  # fmt: skip
_FIXED: Row = {
    **dict.fromkeys(_ZEROS, "0"),
    **dict.fromkeys(_EMPTY, ""),
    "source": "web", "public": "1", "tracklinks": "all", "tracklinksanalytics": "0", "trackreads": "1",
    "trackreadsanalytics": "0", "htmlunsub": "1", "textunsub": "1", "split_offset_type": "hour",
    "reminder_offset_sign": "+", "reminder_last_cron_run": None, "ip4": "", "laststep": "summary",
    "deletestamp": None, "format": "html", "ed_version": "3", "groupLimitViolation": False, "automation": None,
    "isDoubleOptInCampaign": False,
}  # fmt: skip


def campaign_row(call: Read, campaign: Campaign, variants: Sequence[Variant]) -> Row:
    """Counters are numeric strings; a split campaign's are summed over its variants."""
    message_id = str((variants[0].sent_message_id if variants else None) or campaign.message_id or 0)
    segments = campaign.people.segment_ids
    created, changed = call.iso(campaign.created_at), call.iso(campaign.updated_at)
    winner = next((item for item in variants if item.number == campaign.winner), None)
    is_split = campaign.kind == "split"
    return {
        **_FIXED,
        "type": TYPES[campaign.kind],
        "typeText": TYPE_WORDS[campaign.kind],
        "userid": "1",
        "user": "1",
        "segmentid": str(segments[0] if segments else 0),
        "basemessageid": "0",
        "name": campaign.name,
        "cdate": created,
        "mdate": changed,
        "sdate": call.iso(campaign.started_at or campaign.scheduled_at),
        "ldate": call.iso(campaign.finished_at),
        **_counters(campaign, variants),
        **_timing(campaign),
        "status": str(STATUS[campaign.state]),
        "statusString": STATUS_WORDS[campaign.state],
        "statusToolTip": campaign.pause_reason or "",
        "mail_send": zero_one(campaign.started_at),
        "analytics_campaign_name": str(campaign.utm.get("campaign") or ""),
        "split_content": zero_one(any(item.message_id for item in variants)),
        "split_winner_messageid": str((winner.sent_message_id if winner else None) or 0),
        "split_winner_awaiting": zero_one(is_split and campaign.state == "sending" and winner is None),
        "schedule": zero_one(campaign.scheduled_at),
        "scheduleddate": call.stamp(campaign.scheduled_at),
        "created_timestamp": call.stamp(campaign.created_at),
        "updated_timestamp": call.stamp(campaign.updated_at),
        "series_send_lock_time": None,
        "repair_timestamp": None,
        "numberOfMessages": str(len(variants)),
        "campaign_message_id": message_id,
        "message_id": message_id,
        "links": _LINKS.of(call.base, campaign.id),
        "id": str(campaign.id),
    }


def _timing(campaign: Campaign) -> Row:
    when = campaign.when
    if campaign.kind == "autoresponder":
        return {
            "responder_offset": str(when.delay_hours),
            "responder_type": "subscribe",
            "responder_existing": zero_one(when.include_existing),
        }
    if campaign.kind == "date_based":
        return {
            "reminder_field": str(when.field_id or ""),
            "reminder_type": "month_day" if when.is_yearly else "year_month_day",
            "reminder_offset": str(when.days),
            "reminder_offset_type": "day",
            "reminder_offset_sign": "-" if when.direction == "before" else "+",
        }
    if campaign.kind == "rss":
        return {
            "activerss_interval": f"{when.every}1",
            "activerss_url": when.feed_url,
            "activerss_items": str(when.most_items),
        }
    return {}


def _counters(campaign: Campaign, variants: Sequence[Variant]) -> Row:
    def total(name: str) -> str:
        return str(sum(getattr(item, name) for item in variants))

    return {
        "send_amt": total("sent"),
        "total_amt": str(campaign.frozen_count),
        "opens": str(sum(item.open_count + item.machine_open_count for item in variants)),
        "uniqueopens": str(sum(item.opened + item.machine_opened for item in variants)),
        "verified_opens": total("open_count"),
        "verified_unique_opens": total("opened"),
        "linkclicks": total("click_count"),
        "uniquelinkclicks": total("clicked"),
        "subscriberclicks": total("clicked"),
        "hardbounces": str(sum(item.bounced + item.failed for item in variants)),
        "unsubscribes": total("unsubscribed"),
        "replies": total("replied"),
        "uniquereplies": total("replied"),
    }


def campaign_message_row(call: Read, campaign: Campaign, variant: Variant) -> Row:
    """One variant of a campaign, with its share of the figures."""
    message_id = str(variant.sent_message_id or variant.message_id or campaign.message_id or 0)
    sent = sum((variant.sent, variant.failed, variant.waiting))
    share = round(100 * sent / campaign.frozen_count) if campaign.frozen_count else 0
    fixed = dict.fromkeys(
        ("forwards", "uniqueforwards", "softbounces", "unsubreasons", "updates", "socialshares", "spamcheck_score",
         "spamcheck_max", "sourcesize"), "0",
    )  # fmt: skip
    return {
        **fixed,
        "campaignid": str(campaign.id),
        "messageid": message_id,
        "percentage": str(share),
        "initial_split_percentage": str(campaign.rules.share if campaign.kind == "split" else 100),
        "send_amt": str(variant.sent),
        "total_amt": str(variant.total),
        "opens": str(variant.open_count + variant.machine_open_count),
        "uniqueopens": str(variant.opened + variant.machine_opened),
        "linkclicks": str(variant.click_count),
        "uniquelinkclicks": str(variant.clicked),
        "subscriberclicks": str(variant.clicked),
        "hardbounces": str(variant.bounced + variant.failed),
        "unsubscribes": str(variant.unsubscribed),
        "replies": str(variant.replied),
        "uniquereplies": str(variant.replied),
        "subject": variant.subject or campaign.subject,
        "screenshot": "",
        "links": {"campaign": f"{call.base}/campaigns/{campaign.id}", "message": f"{call.base}/messages/{message_id}"},
        "id": str(campaign.id * 10 + variant.number),
        "campaign": str(campaign.id),
        "message": message_id,
    }


def message_row(call: Read, message: Message, *, html: str, text: str) -> Row:
    return {
        "userid": "1",
        "ed_instanceid": "0",
        "ed_version": "3",
        "cdate": call.iso(message.created_at),
        "mdate": call.iso(message.updated_at),
        "name": message.name,
        "fromname": message.from_name,
        "fromemail": message.from_email,
        "reply2": message.reply_to,
        "priority": "3",
        "charset": "utf-8",
        "encoding": "quoted-printable",
        "format": "mime",
        "subject": message.subject,
        "preheader_text": message.preheader,
        "text": text,
        "html": html,
        "htmlfetch": "now",
        "textfetch": "now",
        "hidden": "0",
        "preview_mime": "",
        "preview_data": None,
        "links": _MESSAGE_LINKS.of(call.base, message.id),
        "id": str(message.id),
        "user": "1",
    }


def link_row(call: Read, campaign_id: int, link: Any) -> Row:
    """A link of a variant's message; its id is made of the message's and the link's number."""
    message_id = str(link["message_id"])
    return {
        "campaignid": str(campaign_id),
        "messageid": message_id,
        "link": link["url"],
        "name": "",
        "ref": "",
        "tracked": "1",
        "linkclicks": str(link["clicks"]),
        "uniquelinkclicks": str(link["people"]),
        "links": {"campaign": f"{call.base}/campaigns/{campaign_id}", "message": f"{call.base}/messages/{message_id}"},
        "id": str(link["message_id"] * 1000 + link["link"]),
        "campaign": str(campaign_id),
        "message": message_id,
    }
