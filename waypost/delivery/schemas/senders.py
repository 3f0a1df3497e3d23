"""Bodies about senders, relays and sending domains."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from waypost.delivery.schemas.mail import Email
from waypost.delivery.sender_domains import SendingDomain
from waypost.delivery.types import RelayServer, Sender
from waypost.kernel.model import Model, Out

Name = Annotated[str, msgspec.Meta(max_length=200)]
Host = Annotated[str, msgspec.Meta(min_length=1, max_length=253, pattern=r"^[A-Za-z0-9._:-]+$")]
DomainName = Annotated[
    str,
    msgspec.Meta(
        max_length=253,
        pattern=r"^(?=.*\.)[A-Za-z0-9\u0080-\uffff]([A-Za-z0-9\u0080-\uffff.-]*[A-Za-z0-9\u0080-\uffff])?$",
    ),
]
OptionalHost = Annotated[str, msgspec.Meta(max_length=253, pattern=r"^([A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)?$")]
OptionalEmail = Annotated[str, msgspec.Meta(max_length=320, pattern=r"^([^@\s<>]+@[^@\s<>]+)?$")]
Security = Literal["none", "starttls", "tls"]


class NewSender(Model):
    from_email: Email
    from_name: Name = ""
    reply_to: OptionalEmail = ""
    physical_address: Annotated[str, msgspec.Meta(max_length=500)] = ""
    relay_id: int | None = None


class SenderPatch(Model):
    from_email: Email | msgspec.UnsetType = msgspec.UNSET
    from_name: Name | msgspec.UnsetType = msgspec.UNSET
    reply_to: OptionalEmail | msgspec.UnsetType = msgspec.UNSET
    physical_address: Annotated[str, msgspec.Meta(max_length=500)] | msgspec.UnsetType = msgspec.UNSET
    relay_id: int | None | msgspec.UnsetType = msgspec.UNSET
    is_default: bool | msgspec.UnsetType = msgspec.UNSET


def given(body: msgspec.Struct) -> dict[str, Any]:
    """What the body names."""
    values = {name: getattr(body, name) for name in body.__struct_fields__}
    return {name: value for name, value in values.items() if value is not msgspec.UNSET}


class SenderFull(Out):
    id: int
    from_name: str
    from_email: str
    reply_to: str
    physical_address: str
    relay_id: int | None
    is_default: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, sender: Sender) -> SenderFull:
        return cls(**{name: getattr(sender, name) for name in cls.__struct_fields__})


class SenderList(Out):
    items: list[SenderFull]
    next: str | None = None
    total: int | None = None


class NewRelay(Model):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    host: Host
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] = 587
    security: Security = "starttls"
    username: Name = ""
    password: Annotated[str, msgspec.Meta(max_length=2_000)] | None = None
    weight: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 100
    domains: Annotated[list[DomainName], msgspec.Meta(max_length=200)] = []
    connections: Annotated[int, msgspec.Meta(ge=1, le=100)] = 10
    signs: bool = False
    is_enabled: bool = True


class RelayPatch(Model):
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | msgspec.UnsetType = msgspec.UNSET
    host: Host | msgspec.UnsetType = msgspec.UNSET
    port: Annotated[int, msgspec.Meta(ge=1, le=65535)] | msgspec.UnsetType = msgspec.UNSET
    security: Security | msgspec.UnsetType = msgspec.UNSET
    username: Name | msgspec.UnsetType = msgspec.UNSET
    password: Annotated[str, msgspec.Meta(max_length=2_000)] | None | msgspec.UnsetType = msgspec.UNSET
    weight: Annotated[int, msgspec.Meta(ge=0, le=1000)] | msgspec.UnsetType = msgspec.UNSET
    domains: Annotated[list[DomainName], msgspec.Meta(max_length=200)] | msgspec.UnsetType = msgspec.UNSET
    connections: Annotated[int, msgspec.Meta(ge=1, le=100)] | msgspec.UnsetType = msgspec.UNSET
    signs: bool | msgspec.UnsetType = msgspec.UNSET
    is_enabled: bool | msgspec.UnsetType = msgspec.UNSET


class RelayOut(Out):
    """A relay without its password, of which only is said whether there is one."""

    id: int
    name: str
    host: str
    port: int
    security: str
    username: str
    has_password: bool
    weight: int
    domains: list[str]
    connections: int
    signs: bool
    is_enabled: bool
    failures: int
    open_until: datetime | None
    problem: str | None
    problem_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, relay: RelayServer) -> RelayOut:
        names = [name for name in cls.__struct_fields__ if name != "has_password"]
        return cls(has_password=bool(relay.sealed_password), **{name: getattr(relay, name) for name in names})


class RelayList(Out):
    items: list[RelayOut]
    next: str | None = None
    total: int | None = None


class RelayTest(Model):
    from_email: Email
    to_email: Email


class RelayTestOut(Out):
    code: int
    reply: str


class NewDomain(Model):
    name: DomainName


class DomainBody(Model):
    is_signing: bool
    is_signing_twice: bool = False
    return_path: OptionalHost = ""
    tracking_host: OptionalHost = ""


class CheckOut(Out):
    """One thing DNS was asked about: what it said, and the record that it should say."""

    id: str
    status: Literal["ok", "warning", "missing", "unknown"]
    found: list[str]
    record_type: str
    record_name: str
    record_value: str
    message: str


class DomainOut(Out):
    name: str
    selector: str
    rsa_record: str
    ed25519_record: str
    is_signing: bool
    is_signing_twice: bool
    return_path: str
    tracking_host: str
    is_tracking_ready: bool
    checks: list[CheckOut]
    checked_at: datetime | None
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, domain: SendingDomain) -> DomainOut:
        names = [name for name in cls.__struct_fields__ if name != "checks"]
        checks = [CheckOut(**check) for check in domain.checks]
        return cls(checks=checks, **{name: getattr(domain, name) for name in names})


class DomainList(Out):
    items: list[DomainOut]
    next: str | None = None
    total: int | None = None
