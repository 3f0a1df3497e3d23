"""Bodies of the consent routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec

from waypost.contacts.queries.consents import Consent, ConsentText
from waypost.contacts.schemas.scalars import Id, Name, Short
from waypost.contacts.types import STATUS_OF, Channel, Proof, Status, StatusName
from waypost.kernel.model import Model, Out
from waypost.kernel.tx import ACTOR_KINDS

ChannelName = Literal["email", "sms"]
CHANNELS: dict[ChannelName, Channel] = {"email": Channel.EMAIL, "sms": Channel.SMS}
MAX_PROOF = 20


class ProofBody(Model):
    """Where and how it was said; `proof` holds what else the form knew."""

    source: Short = ""
    reason: Short = ""
    text_id: Id | None = None
    ip: Annotated[str, msgspec.Meta(max_length=45)] = ""
    proof: Annotated[
        dict[Name, Annotated[str, msgspec.Meta(max_length=2_000)]], msgspec.Meta(max_length=MAX_PROOF)
    ] = {}

    @property
    def given(self) -> Proof:
        details: dict[str, Any] = dict(self.proof)
        return Proof(source=self.source, reason=self.reason, text_id=self.text_id, ip=self.ip, details=details)


class ConsentBody(ProofBody, kw_only=True):
    channel: ChannelName = "email"
    list_id: Id | None = None
    is_given: bool


class SubscriptionBody(ProofBody, kw_only=True):
    """Without a status: unconfirmed where the list asks for confirmation, else active."""

    list_id: Id
    status: Literal["active", "unconfirmed"] | None = None

    @property
    def wanted(self) -> Status | None:
        return None if self.status is None else STATUS_OF[self.status]


class ConfirmationBody(Model):
    list_id: Id


class SubscriptionOut(Out):
    contact_id: int
    list_id: int
    status: StatusName


class ConsentOut(Out):
    id: int
    channel: str
    list_id: int | None
    list_name: str | None
    is_given: bool
    text_id: int | None
    text_name: str | None
    text_version: int | None
    source: str
    reason: str
    ip: str
    proof: dict[str, Any]
    actor: str
    created_at: datetime


class ConsentList(Out):
    """`standing` is the newest row of each channel and list."""

    items: list[ConsentOut]
    standing: list[ConsentOut]
    next: str | None = None


class TextBody(Model):
    name: Name
    body: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class TextList(Out):
    items: list[ConsentText]
    next: str | None = None


def shown(row: Consent) -> ConsentOut:
    return ConsentOut(
        id=row.id,
        channel=Channel(row.channel).word,
        list_id=row.list_id,
        list_name=row.list_name,
        is_given=row.is_given,
        text_id=row.text_id,
        text_name=row.text_name,
        text_version=row.text_version,
        source=row.source,
        reason=row.reason,
        ip=row.ip,
        proof=row.proof,
        actor=ACTOR_KINDS[row.actor_kind],
        created_at=row.created_at,
    )
