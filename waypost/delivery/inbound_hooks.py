"""What mail providers report by webhook, each in its own shape, as events: JSON in, events out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from waypost.delivery.bounce_causes import Cause, judge_failure, status_in
from waypost.delivery.bounces import What

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HookEvent:
    """One recipient's bounce or complaint; some of what could name our message is there."""

    what: What
    recipient: str
    cause: Cause | None = None
    status: str = ""
    diagnostic: str = ""
    ids: tuple[str, ...] = ()
    """Message-IDs, in angle brackets or not."""
    return_path: str = ""


def _text(value: object) -> str:
    return value if isinstance(value, str) else "" if value is None else str(value)


def _map(value: object) -> Body:
    return cast("Body", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else []


def _ids(*values: object) -> tuple[str, ...]:
    return tuple(_text(value) for value in values if value)


def _bounce(recipient: object, cause: Cause, diagnostic: str, ids: tuple[str, ...], return_path: str = "") -> HookEvent:
    status = status_in(diagnostic) or ""
    address = _text(recipient).strip("<> ").lower()
    return HookEvent(What.BOUNCE, address, cause, status, diagnostic, ids, return_path)


def _complaint(recipient: object, detail: str, ids: tuple[str, ...], return_path: str = "") -> HookEvent:
    return HookEvent(What.COMPLAINT, _text(recipient).strip("<> ").lower(), None, "", detail, ids, return_path)


def _hard(diagnostic: str, code: int | None = None, status: str | None = None) -> Cause:
    """The provider calls it permanent: its words may say why, and where they do not, the address is gone."""
    cause = judge_failure(status, code, diagnostic)
    return Cause.UNKNOWN_ADDRESS if cause in (Cause.UNDELIVERABLE, Cause.TRANSIENT) else cause


def _soft(diagnostic: str, code: int | None = None, status: str | None = None) -> Cause:
    cause = judge_failure(status, code, diagnostic)
    return Cause.UNDELIVERABLE if cause.severity == 1 else cause


def read_ses(body: Body) -> list[HookEvent]:
    """Amazon SES: the message inside an SNS notification (both its notifications and its event publishing)."""
    kind = _text(body.get("notificationType") or body.get("eventType"))
    mail = _map(body.get("mail"))
    headers = [_map(item) for item in _list(mail.get("headers"))]
    own = [_text(item.get("value")) for item in headers if _text(item.get("name")).lower() == "message-id"]
    ids = _ids(*own, _map(mail.get("commonHeaders")).get("messageId"))
    path = _text(mail.get("source"))
    if kind == "Bounce":
        bounce = _map(body.get("bounce"))
        is_hard = bounce.get("bounceType") == "Permanent"
        sub_type = _text(bounce.get("bounceSubType"))
        found: list[HookEvent] = []
        for item in map(_map, _list(bounce.get("bouncedRecipients"))):
            words = _text(item.get("diagnosticCode")) or sub_type
            status = _text(item.get("status")) or None
            known = {
                "MailboxFull": Cause.MAILBOX_FULL,
                "MessageTooLarge": Cause.OVERSIZE,
                "ContentRejected": Cause.POLICY,
            }
            cause = known.get(sub_type) or (_hard(words, status=status) if is_hard else _soft(words, status=status))
            found.append(_bounce(item.get("emailAddress"), cause, words, ids, path))
        return found
    if kind == "Complaint":
        complaint = _map(body.get("complaint"))
        if complaint.get("complaintFeedbackType") == "not-spam":
            return []
        people = [_map(item).get("emailAddress") for item in _list(complaint.get("complainedRecipients"))]
        return [_complaint(one, _text(complaint.get("complaintFeedbackType")) or "abuse", ids, path) for one in people]
    return []


_POSTMARK = {
    "HardBounce": Cause.UNKNOWN_ADDRESS,
    "BadEmailAddress": Cause.UNKNOWN_ADDRESS,
    "ManuallyDeactivated": Cause.INACTIVE,
    "SpamNotification": Cause.POLICY,
    "Blocked": Cause.POLICY,
    "DMARCPolicy": Cause.POLICY,
    "TemplateRenderingFailed": Cause.POLICY,
    "InboundError": Cause.POLICY,
    "DnsError": Cause.EXPIRED,
    "Transient": Cause.TRANSIENT,
}


def read_postmark(body: Body) -> list[HookEvent]:
    kind, type_ = _text(body.get("RecordType")), _text(body.get("Type"))
    words = _text(body.get("Details")) or _text(body.get("Description"))
    ids = _ids(_map(body.get("Metadata")).get("message_id"))
    if kind == "SpamComplaint" or type_ == "SpamComplaint":
        return [_complaint(body.get("Email"), "abuse", ids)]
    if kind != "Bounce" or type_ in ("AutoResponder", "AddressChange", "Subscribe", "Unsubscribe", "OpenRelayTest"):
        return []
    cause = _POSTMARK.get(type_) or _soft(words)
    return [_bounce(body.get("Email"), cause, words, ids)]


def read_sendgrid(body: Sequence[Any]) -> list[HookEvent]:
    found: list[HookEvent] = []
    for event in map(_map, body):
        kind, words = event.get("event"), _text(event.get("reason"))
        ids = _ids(event.get("smtp-id"))
        if kind == "spamreport":
            found.append(_complaint(event.get("email"), "abuse", ids))
        elif kind == "bounce":
            status = _text(event.get("status")) or None
            is_block = event.get("type") == "blocked"
            cause = _soft(words, status=status) if is_block else _hard(words, status=status)
            found.append(_bounce(event.get("email"), cause, words, ids))
        elif kind == "dropped" and any(word in words.lower() for word in ("bounce", "invalid")):
            found.append(_bounce(event.get("email"), Cause.UNKNOWN_ADDRESS, words, ids))
    return found


def read_mailgun(body: Body) -> list[HookEvent]:
    event = _map(body.get("event-data"))
    kind = event.get("event")
    message = _map(event.get("message"))
    ids = _ids(_map(message.get("headers")).get("message-id"))
    path = _text(_map(event.get("envelope")).get("sender"))
    if kind == "complained":
        return [_complaint(event.get("recipient"), "abuse", ids, path)]
    if kind != "failed":
        return []
    status = _map(event.get("delivery-status"))
    words = _text(status.get("message")) or _text(status.get("description")) or _text(event.get("reason"))
    number = status.get("code")
    code = number if isinstance(number, int) else None
    if event.get("severity") != "permanent":
        return []
    cause = Cause.INACTIVE if event.get("reason") == "suppress-bounce" else judge_failure(None, code, words)
    return [_bounce(event.get("recipient"), cause, words, ids, path)]


_SPARKPOST = {
    10: Cause.UNKNOWN_ADDRESS, 30: Cause.UNKNOWN_ADDRESS, 90: Cause.UNKNOWN_ADDRESS,
    20: Cause.EXPIRED, 21: Cause.EXPIRED, 22: Cause.MAILBOX_FULL, 23: Cause.OVERSIZE, 24: Cause.EXPIRED,
    40: Cause.UNDELIVERABLE, 50: Cause.POLICY, 51: Cause.POLICY, 52: Cause.POLICY, 53: Cause.POLICY, 54: Cause.POLICY,
    70: Cause.TRANSIENT, 100: Cause.UNDELIVERABLE,
}  # fmt: skip
_SPARKPOST_NOT = {60, 80}
"""Automatic replies and subscriptions, which it reports among bounces."""


def read_sparkpost(body: Sequence[Any]) -> list[HookEvent]:
    found: list[HookEvent] = []
    for item in map(_map, body):
        for event in map(_map, _map(item.get("msys")).values()):
            kind = event.get("type")
            ids = _ids(_map(event.get("rcpt_meta")).get("message_id"))
            path, who = _text(event.get("msg_from")), event.get("raw_rcpt_to") or event.get("rcpt_to")
            if kind == "spam_complaint":
                found.append(_complaint(who, _text(event.get("fbtype")) or "abuse", ids, path))
            elif kind in ("bounce", "out_of_band"):
                number = _text(event.get("bounce_class"))
                group = int(number) if number.isdecimal() else 0
                words = _text(event.get("raw_reason") or event.get("reason"))
                if group not in _SPARKPOST_NOT:
                    found.append(_bounce(who, _SPARKPOST.get(group) or _soft(words), words, ids, path))
    return found


def _each(body: object, read: Callable[[Sequence[Any]], Iterable[HookEvent]]) -> list[HookEvent]:
    return list(read(_list(body)))


def read_events(provider: str, body: object) -> list[HookEvent]:
    """What a webhook's body reports; anything else in it is passed over."""
    match provider:
        case "ses":
            return read_ses(_map(body))
        case "postmark":
            return read_postmark(_map(body))
        case "sendgrid":
            return _each(body, read_sendgrid)
        case "mailgun":
            return read_mailgun(_map(body))
        case _:
            return _each(body, read_sparkpost)
