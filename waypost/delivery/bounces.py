"""What an incoming mail is: a bounce, a complaint, an automatic reply, a reply by a person, or nothing of ours.

Reads delivery status notifications (RFC 3464), complaints (RFC 5965), automatic replies (RFC 3834 and
what vendors do instead), and the many reports that follow no standard. Pure: bytes in, a notice out.
Only the beginning of a mail is read; what it says about itself stands there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser
from enum import IntEnum
from typing import Any

from waypost.delivery.bounce_causes import Cause, code_in, judge_failure, status_in
from waypost.delivery.replies import is_automatic, reply_text, subject_in

READ_BYTES = 64_000
AFTER_REPORT = 8_000
"""What is read from the beginning of a report part on: itself and the head of what it returns."""
REPORTS = (b"message/delivery-status", b"message/feedback-report")


class What(IntEnum):
    """Which kind of mail came in."""

    BOUNCE = 1
    COMPLAINT = 2
    AUTO_REPLY = 3
    REPLY = 4
    DELAY = 5
    """Not delivered yet, or delivered, or expanded: nothing has failed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A mail that came in, as understood."""

    what: What
    cause: Cause | None = None
    status: str = ""
    diagnostic: str = ""
    recipient: str = ""
    reporter: str = ""
    message_id: str = ""
    """Of the mail itself."""
    about: tuple[str, ...] = ()
    """Message-IDs it refers to or returns: one of them may be ours."""
    subject: str = ""
    text: str = ""
    feedback: str = ""


_address = re.compile(r"[^\s<>\"';,:()\[\]]+@[^\s<>\"';,:()\[\]]+").search
_id_list = re.compile(r"<[^<>\s]+>").findall
_original_id = re.compile(rb"^[> \t]*Message-ID:\s*(<[^<>\s]+>)", re.IGNORECASE | re.MULTILINE).findall
_failed_sender = re.compile(
    r"mailer-daemon|postmaster|mail ?delivery|delivery (sub)?system|microsoftexchange|bounce", re.IGNORECASE
).search
_failed_subject = re.compile(
    r"undeliver|delivery (status notification|failure|failed|has failed|report|incomplete)|returned mail|failure notice"
    r"|mail (delivery )?(failed|failure|system error)|delivery notification: delivery has failed|could not be delivered"
    r"|unzustellbar|nicht zugestellt|non remis|non recapitabile|no se puede entregar|não entregue|no entregado|onbestelbaar"
    r"|недоставлен|не доставлено|配信不能|未送达|niedostarczon|mancata consegna|échec de la remise|rejected",
    re.IGNORECASE,
).search
_delayed_subject = re.compile(r"delay|warning: (message|could not)|\(delay\)|verzögert|retardé", re.IGNORECASE).search


def read_notice(raw: bytes) -> Notice:
    """Understand a mail. Never fails: what cannot be read is a reply nobody can match."""
    raw = _beginning(raw)
    try:
        return _read(BytesParser(policy=policy.compat32).parsebytes(raw), raw)
    except (ValueError, LookupError, AttributeError, TypeError, RecursionError):
        return Notice(What.REPLY, about=_ids(raw))


def _beginning(raw: bytes) -> bytes:
    found = [at for at in (raw.find(kind, 0, READ_BYTES) for kind in REPORTS) if at >= 0]
    return raw[: min(found[0] + AFTER_REPORT, READ_BYTES)] if found else raw[:READ_BYTES]


def _read(mail: Message, raw: bytes) -> Notice:
    common: dict[str, Any] = {
        "message_id": _header(mail, "message-id"),
        "about": _references(mail, raw),
        "subject": subject_in(mail),
    }
    feedback = _part(mail, "message/feedback-report")
    if feedback is not None or _is_report(mail, "feedback-report"):
        return _complaint(mail, feedback, common)
    redirected = next(
        (part["x-hmxmroriginalrecipient"] for part in mail.walk() if part["x-hmxmroriginalrecipient"]), ""
    )
    if redirected:
        reporter = _first_address(_header(mail, "from"))
        return Notice(What.COMPLAINT, recipient=_first_address(str(redirected)), reporter=reporter, **common)
    status = _part(mail, "message/delivery-status") or _part(mail, "message/global-delivery-status")
    if status is not None:
        return _status_notice(mail, status, common)
    if _part(mail, "message/disposition-notification") is not None:
        return Notice(What.AUTO_REPLY, **common)
    sender = _header(mail, "from")
    from_daemon = bool(_failed_sender(sender)) or _header(mail, "return-path") == "<>"
    text = reply_text(mail, is_whole=True)
    failed_recipients = _header(mail, "x-failed-recipients")
    if failed_recipients or (from_daemon and (_failed_subject(common["subject"]) or _looks_failed(text))):
        return _loose_bounce(mail, text, failed_recipients, common)
    if from_daemon and _delayed_subject(common["subject"]):
        return Notice(What.DELAY, Cause.TRANSIENT, **common)
    what = What.AUTO_REPLY if from_daemon or is_automatic(mail, common["subject"]) else What.REPLY
    return Notice(what, recipient=_first_address(sender), text=reply_text(mail)[:10_000], **common)


def _complaint(mail: Message, feedback: Message | None, common: dict[str, Any]) -> Notice:
    """An ARF report; "not-spam" takes a complaint back, so it is none."""
    fields = _fields(_text_of(feedback)) if feedback is not None else {}
    kind = fields.get("feedback-type", "abuse").lower()
    recipient = fields.get("original-rcpt-to") or fields.get("removal-recipient") or ""
    if kind == "not-spam":
        return Notice(What.AUTO_REPLY, **common)
    return Notice(
        What.COMPLAINT,
        recipient=_first_address(recipient),
        reporter=fields.get("user-agent") or fields.get("reporting-mta") or _first_address(_header(mail, "from")),
        feedback=kind,
        **common,
    )


def _status_notice(mail: Message, part: Message, common: dict[str, Any]) -> Notice:
    """The recipient's block that failed, or the first one; without a failure nothing has come back."""
    blocks = [_fields(block) for block in re.split(r"\n[ \t]*\n", _text_of(part).replace("\r\n", "\n"))]
    recipients = [block for block in blocks if "final-recipient" in block or "action" in block or "status" in block]
    reporter = next((block["reporting-mta"] for block in blocks if "reporting-mta" in block), "")
    chosen = next((b for b in recipients if b.get("action", "").lower().startswith("fail")), None)
    human = reply_text(mail, is_whole=True)
    if chosen is None:
        done = {b.get("action", "").partition(" ")[0].lower() for b in recipients}
        if done & {"delayed", "delivered", "relayed", "expanded"}:
            return Notice(What.DELAY, Cause.TRANSIENT, **common)
        chosen = recipients[0] if recipients else {}
    diagnostic = chosen.get("diagnostic-code", "")
    status = status_in(chosen.get("status", ""))
    words = diagnostic.partition(";")[2] if ";" in diagnostic[:12] else diagnostic
    cause = judge_failure(status, code_in(words), words or human)
    if cause is Cause.UNDELIVERABLE and words:
        cause = judge_failure(status, code_in(words), words + "\n" + human)
    recipient = chosen.get("original-recipient") or chosen.get("final-recipient") or ""
    return Notice(
        What.BOUNCE,
        cause,
        status=status_in(words) or status or "",
        diagnostic=" ".join((words or human).split())[:500],
        recipient=_first_address(recipient.partition(";")[2] or recipient),
        reporter=reporter.partition(";")[2].strip() or reporter,
        **common,
    )


def _loose_bounce(mail: Message, text: str, failed: str, common: dict[str, Any]) -> Notice:
    """qmail, Exim and others who write what happened in prose."""
    told = _without_original(text)
    subject = str(common["subject"])
    if _delayed_subject(subject) and not _failed_subject(subject):
        return Notice(What.DELAY, Cause.TRANSIENT, **common)
    cause = judge_failure(status_in(told), code_in(told), told)
    return Notice(
        What.BOUNCE,
        cause,
        status=status_in(told) or "",
        diagnostic=" ".join(told.split())[:500],
        recipient=_first_address(failed or told),
        reporter=_first_address(_header(mail, "from")),
        **common,
    )


_marks = re.compile(
    r"^-{2,}.{0,30}(original|copy|below|returned|kopie|forwarded|header).*$|^\s*---? .*copy of (the|your) message.*$",
    re.IGNORECASE | re.MULTILINE,
).search


def _without_original(text: str) -> str:
    found = _marks(text)
    return text[: found.start()] if found and found.start() > 80 else text


def _looks_failed(text: str) -> bool:
    told = _without_original(text)[:3_000]
    return status_in(told) is not None or bool(_failed_subject(told)) or code_in(told) is not None


def _part(mail: Message, kind: str) -> Message | None:
    return next((part for part in mail.walk() if part.get_content_type() == kind), None)


def _is_report(mail: Message, kind: str) -> bool:
    return mail.get_content_type() == "multipart/report" and str(mail.get_param("report-type") or "").lower() == kind


def _text_of(part: Message) -> str:
    """The fields of a report part: parsed as blocks of headers, or left as text by broken senders."""
    payload = part.get_payload()
    if isinstance(payload, list):
        return "\n\n".join(
            "\n".join(f"{name}: {value}" for name, value in block.items()) + "\n\n" + _plain(block.get_payload())
            for block in payload
            if isinstance(block, Message)
        )
    decoded = part.get_payload(decode=True)
    return decoded.decode("utf-8", "replace") if isinstance(decoded, bytes) else ""


def _plain(payload: object) -> str:
    return payload if isinstance(payload, str) else ""


def _fields(block: str) -> dict[str, str]:
    """Header-like lines, unfolded; the first of a name counts."""
    found: dict[str, str] = {}
    name = ""
    for line in block.splitlines():
        if line[:1] in (" ", "\t") and name:
            found[name] += " " + line.strip()
        elif ":" in line:
            key, _, value = line.partition(":")
            name = key.strip().lower()
            if name in found:
                name = ""
            else:
                found[name] = value.strip()
    return found


def _header(mail: Message, name: str) -> str:
    return str(mail.get(name, "") or "").strip()


def _first_address(text: str) -> str:
    found = _address(text)
    return found[0].strip(".").lower() if found else ""


def _references(mail: Message, raw: bytes) -> tuple[str, ...]:
    named = _id_list(_header(mail, "in-reply-to") + " " + _header(mail, "references"))
    return tuple(dict.fromkeys([*named, *_ids(raw)]))


def _ids(raw: bytes) -> tuple[str, ...]:
    return tuple(found.decode("ascii", "replace") for found in _original_id(raw))
