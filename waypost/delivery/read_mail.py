"""A received mail taken apart for the screen."""

from __future__ import annotations

import email
import email.policy
from email.message import EmailMessage

from waypost.delivery.schemas import HeaderOut, MailOut
from waypost.delivery.types import ReceivedMail


def describe_mail(mail: ReceivedMail, raw: bytes) -> MailOut:
    """Headers and bodies; what cannot be decoded is shown as far as it can."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return MailOut(
        id=mail.id,
        received_at=mail.received_at,
        mail_from=mail.mail_from,
        rcpt_to=mail.rcpt_to,
        subject=mail.subject,
        size=mail.size,
        html=_body(message, "html"),
        text=_body(message, "plain"),
        headers=[HeaderOut(name=name, value=str(value)) for name, value in message.items()],
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, ValueError):
        return bytes(part.get_payload(decode=True) or b"").decode("utf-8", "replace")
