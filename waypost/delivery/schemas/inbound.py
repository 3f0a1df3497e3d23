"""Bodies about suppressions and about what comes in."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from waypost.delivery.bounce_causes import Severity
from waypost.delivery.bounces import What
from waypost.delivery.inbound_queries import CauseCount, KeptNotice
from waypost.delivery.inbound_settings import PROVIDERS, Inbound, hook_key
from waypost.delivery.suppressions import MOST, NAMES, REASONS, Entry, Suppression, read_csv
from waypost.delivery.types import Reason
from waypost.kernel.config import Settings
from waypost.kernel.model import Model, Out

ReasonName = Literal["bounced", "complained", "unsubscribed", "manual"]
Note = Annotated[str, msgspec.Meta(max_length=500)]


class NewSuppressions(Model):
    """Addresses, domains or hashes, or a CSV of them with an optional heading (address, reason, note)."""

    addresses: Annotated[list[Annotated[str, msgspec.Meta(max_length=300)]], msgspec.Meta(max_length=MOST)] = []
    csv: Annotated[str, msgspec.Meta(max_length=8_000_000)] = ""
    reason: ReasonName = "manual"
    note: Note = ""

    def entries(self) -> list[Entry]:
        reason = REASONS[self.reason]
        listed = [Entry(address, reason, self.note) for address in self.addresses]
        return listed + read_csv(self.csv, reason, self.note)


class AddedOut(Out):
    added: int
    known: int
    wrong: list[str]


class SuppressionRemoval(Model):
    address: Annotated[str, msgspec.Meta(max_length=300)]
    note: Note


class SuppressionOut(Out):
    address: str
    reason: ReasonName
    source: str
    note: str
    created_at: datetime

    @classmethod
    def of(cls, item: Suppression) -> SuppressionOut:
        values: dict[str, Any] = {**asdict(item), "reason": NAMES[Reason(item.reason)]}
        return cls(**values)


class SuppressionList(Out):
    items: list[SuppressionOut]
    next: str | None = None
    total: int | None = None


class InboundBody(Model):
    """A key that is left out stays as it is."""

    bounce_address: Annotated[str, msgspec.Meta(max_length=200)] = ""
    sendgrid_key: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None
    mailgun_key: Annotated[str, msgspec.Meta(max_length=1_000)] | None = None


class HookOut(Out):
    provider: str
    url: str


class InboundOut(Out):
    bounce_address: str
    has_sendgrid_key: bool
    has_mailgun_key: bool
    receiver_port: int
    webhooks: list[HookOut]

    @classmethod
    def of(cls, item: Inbound, settings: Settings, workspace_id: int) -> InboundOut:
        hooks = [
            HookOut(provider=name, url=f"{settings.base_url}/in/{name}/{hook_key(settings, workspace_id, name)}")
            for name in PROVIDERS
        ]
        return cls(
            bounce_address=item.bounce_address,
            has_sendgrid_key=bool(item.sendgrid_key),
            has_mailgun_key=bool(item.mailgun_key),
            receiver_port=settings.inbound_port,
            webhooks=hooks,
        )


class InboundTestOut(Out):
    is_working: bool
    message: str


class NoticeOut(Out):
    ledger_id: int
    contact_id: int | None
    message_id: int
    message_name: str
    email: str
    what: str
    severity: str | None
    cause: str
    status: str
    diagnostic: str
    reporter: str
    source: str
    subject: str
    body: str
    received_at: datetime

    @classmethod
    def of(cls, item: KeptNotice) -> NoticeOut:
        values: dict[str, Any] = {
            **asdict(item),
            "what": What(item.what).name.lower(),
            "severity": _name(item.severity),
        }
        return cls(**values)


class CauseOut(Out):
    what: str
    severity: str | None
    cause: str
    count: int

    @classmethod
    def of(cls, item: CauseCount) -> CauseOut:
        severity = _name(item.severity)
        return cls(what=What(item.what).name.lower(), severity=severity, cause=item.cause, count=item.count)


class NoticeList(Out):
    items: list[NoticeOut]
    causes: list[CauseOut] = []
    next: str | None = None
    total: int | None = None


def _name(severity: int | None) -> str | None:
    return None if severity is None else Severity(severity).name.lower()
