"""Rows of contacts, tags, lists, subscriptions and custom fields."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum
from typing import Any, Literal

from waypost.kernel.sql import Sql, sql

CONTACT_AT_HAND = sql("contact.id")
"""The id of the contact whose row the statement has as `contact`, so that nothing need look it up again."""

FieldType = Literal[
    "text", "textarea", "number", "currency", "date", "datetime",
    "dropdown", "radio", "checkbox", "listbox", "multiselect", "hidden",
]  # fmt: skip
CHOICE_TYPES = frozenset({"dropdown", "radio", "checkbox", "listbox", "multiselect"})
MULTIPLE_TYPES = frozenset({"checkbox", "listbox", "multiselect"})
LONGEST = 400
"""Characters of a field's text that are indexed; four bytes each still fit a page of the index."""

StatusName = Literal["unconfirmed", "active", "unsubscribed", "bounced"]
Value = str | int | float | list[str] | None


class Status(IntEnum):
    """Where a contact stands with a list."""

    UNCONFIRMED = 0
    ACTIVE = 1
    UNSUBSCRIBED = 2
    BOUNCED = 3

    @property
    def word(self) -> str:
        return self.name.lower()


STATUS_OF: dict[StatusName, Status] = {
    "unconfirmed": Status.UNCONFIRMED,
    "active": Status.ACTIVE,
    "unsubscribed": Status.UNSUBSCRIBED,
    "bounced": Status.BOUNCED,
}


@dataclass(frozen=True, slots=True)
class Contact:
    """A person. `fields` has the value of each custom field under the field's id as text."""

    id: int
    email: str | None
    first_name: str
    last_name: str
    phone: str
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Tag:
    id: int
    name: str
    description: str
    created_at: datetime
    contact_count: int = 0


@dataclass(frozen=True, slots=True)
class List:
    id: int
    name: str
    slug: str
    sender_url: str
    sender_reminder: str
    created_at: datetime
    updated_at: datetime
    requires_confirmation: bool = False
    """Whoever subscribes is asked by mail whether it was they."""
    confirmation_message_id: int | None = None
    consent_text_id: int | None = None
    """What people agree to who subscribe."""
    contact_count: int = 0


class Channel(IntEnum):
    """How people can be reached."""

    EMAIL = 1
    SMS = 2

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Proof:
    """Where, in what words and how somebody agreed or withdrew; goes into the consent ledger."""

    source: str = ""
    reason: str = ""
    text_id: int | None = None
    ip: str = ""
    details: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Subscription:
    contact_id: int
    list_id: int
    status: int
    source: str
    subscribed_at: datetime | None
    unsubscribed_at: datetime | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class ContactTag:
    contact_id: int
    tag_id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Field:
    """A custom field. `key` is its personalisation tag, `options` the choices of a choice type."""

    id: int
    name: str
    key: str
    type: FieldType
    options: list[str]
    default_value: Value
    is_required: bool
    is_visible: bool
    position: int
    created_at: datetime
    updated_at: datetime
    is_indexed: bool = False
    """Its values can be looked up (field_index.py); always so with dates."""
    is_index_ready: bool = False
    group_id: int | None = None
    list_ids: list[int] = field(default_factory=list[int])
    """The lists whose contacts have the field; none stands for everyone."""
    is_self_service: bool = False
    """Contacts see and change it themselves, by a link in their mail."""


@dataclass(frozen=True, slots=True)
class FieldGroup:
    """A heading that fields of contacts stand under."""

    id: int
    name: str
    position: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class Company:
    """Where people work. `domain` is the mail domain that links contacts to it, `fields` is as with a contact."""

    id: int
    name: str
    website: str
    domain: str | None
    owner_id: int | None
    fields: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    contact_count: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """A contact's place in a company. One of a contact's companies is the primary one."""

    id: int
    contact_id: int
    company_id: int
    job_title: str
    is_primary: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class RowField:
    """A custom field of companies or deals, with the types and values that fields of contacts have."""

    id: int
    name: str
    key: str
    type: FieldType
    options: list[str]
    default_value: Value
    is_required: bool
    is_visible: bool
    position: int
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CompanySettings:
    """Whether contacts join the company of their mail domain, and which domains say nothing."""

    is_linked_by_domain: bool = True
    excluded_domains: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """Plain text about a contact or about a company."""

    id: int
    contact_id: int | None
    company_id: int | None
    body: str
    author_id: int | None
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class File:
    """A file about a contact; its bytes lie in a blob."""

    id: int
    contact_id: int
    name: str
    mime: str
    size_bytes: int
    blob: str
    author_id: int | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Filter:
    """Which contacts a list or a bulk change is about; every part that is set narrows it."""

    search: str = ""
    tag_id: int | None = None
    list_id: int | None = None
    status: StatusName | None = None
    email: str | None = None
    contact_ids: tuple[int, ...] | None = None
    created_after: datetime | None = None
    created_before: datetime | None = None
    updated_after: datetime | None = None
    updated_before: datetime | None = None
    owner_id: int | None = None
    also: Sql | None = None
    """A further test, over contacts.contact as `c`."""

    @property
    def is_empty(self) -> bool:
        return self == Filter()
