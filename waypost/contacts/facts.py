"""What can happen to a contact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from waypost.kernel.registry import Fact


@dataclass(frozen=True, slots=True)
class ContactCreated(Fact):
    kind: ClassVar[int] = 100
    name: ClassVar[str] = "contact_created"
    label: ClassVar[str] = "Contact is created"
    is_trigger: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ContactUpdated(Fact):
    """E-mail address, name, phone or place changed; custom fields have a fact of their own."""

    kind: ClassVar[int] = 101
    name: ClassVar[str] = "contact_updated"
    label: ClassVar[str] = "Contact's details change"
    is_trigger: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class TagAdded(Fact):
    kind: ClassVar[int] = 102
    name: ClassVar[str] = "tag_added"
    label: ClassVar[str] = "Tag is added"
    object: ClassVar[str | None] = "tag_id"
    picker: ClassVar[str | None] = "tag"
    is_trigger: ClassVar[bool] = True
    tag_id: int


@dataclass(frozen=True, slots=True)
class TagRemoved(Fact):
    kind: ClassVar[int] = 103
    name: ClassVar[str] = "tag_removed"
    label: ClassVar[str] = "Tag is removed"
    object: ClassVar[str | None] = "tag_id"
    picker: ClassVar[str | None] = "tag"
    is_trigger: ClassVar[bool] = True
    tag_id: int


@dataclass(frozen=True, slots=True)
class ListSubscribed(Fact):
    """The contact became active on the list."""

    kind: ClassVar[int] = 104
    name: ClassVar[str] = "list_subscribed"
    label: ClassVar[str] = "Contact subscribes to a list"
    object: ClassVar[str | None] = "list_id"
    picker: ClassVar[str | None] = "list"
    is_trigger: ClassVar[bool] = True
    list_id: int


@dataclass(frozen=True, slots=True)
class ListUnsubscribed(Fact):
    """The contact was active on the list and no longer is."""

    kind: ClassVar[int] = 105
    name: ClassVar[str] = "list_unsubscribed"
    label: ClassVar[str] = "Contact unsubscribes from a list"
    object: ClassVar[str | None] = "list_id"
    picker: ClassVar[str | None] = "list"
    is_trigger: ClassVar[bool] = True
    list_id: int


@dataclass(frozen=True, slots=True)
class FieldChanged(Fact):
    """A custom field got another value, on a contact that was there before."""

    kind: ClassVar[int] = 106
    name: ClassVar[str] = "field_changed"
    label: ClassVar[str] = "Field changes"
    object: ClassVar[str | None] = "field_id"
    picker: ClassVar[str | None] = "field"
    is_trigger: ClassVar[bool] = True
    field_id: int
    old: object = None
    new: object = None


@dataclass(frozen=True, slots=True)
class ContactDeleted(Fact):
    kind: ClassVar[int] = 107
    name: ClassVar[str] = "contact_deleted"
    label: ClassVar[str] = "Contact is deleted"


@dataclass(frozen=True, slots=True)
class ContactRestored(Fact):
    """The contact came back from the trash with its tags and subscriptions."""

    kind: ClassVar[int] = 120
    name: ClassVar[str] = "contact_restored"
    label: ClassVar[str] = "Contact is restored"
    is_trigger: ClassVar[bool] = True


@dataclass(frozen=True, slots=True)
class ContactMerged(Fact):
    """Another contact became one with this one; `values` is what the other one had."""

    kind: ClassVar[int] = 121
    name: ClassVar[str] = "contact_merged"
    label: ClassVar[str] = "Contact is merged"
    object: ClassVar[str | None] = "old_id"
    is_trigger: ClassVar[bool] = True
    old_id: int
    values: object = None


@dataclass(frozen=True, slots=True)
class ConfirmationRequested(Fact):
    """The contact is asked to confirm a subscription."""

    kind: ClassVar[int] = 122
    name: ClassVar[str] = "confirmation_requested"
    label: ClassVar[str] = "Confirmation is asked for"
    object: ClassVar[str | None] = "list_id"
    picker: ClassVar[str | None] = "list"
    list_id: int


@dataclass(frozen=True, slots=True)
class ConsentGiven(Fact):
    """Consent to a whole channel (1 e-mail, 2 SMS)."""

    kind: ClassVar[int] = 123
    name: ClassVar[str] = "consent_given"
    label: ClassVar[str] = "Consent is given"
    object: ClassVar[str | None] = "channel"
    is_trigger: ClassVar[bool] = True
    channel: int


@dataclass(frozen=True, slots=True)
class ConsentWithdrawn(Fact):
    """Consent to a whole channel (1 e-mail, 2 SMS) ended."""

    kind: ClassVar[int] = 124
    name: ClassVar[str] = "consent_withdrawn"
    label: ClassVar[str] = "Consent is withdrawn"
    object: ClassVar[str | None] = "channel"
    is_trigger: ClassVar[bool] = True
    channel: int


@dataclass(frozen=True, slots=True)
class CompanyLinked(Fact):
    kind: ClassVar[int] = 110
    name: ClassVar[str] = "company_linked"
    label: ClassVar[str] = "Contact joins a company"
    object: ClassVar[str | None] = "company_id"
    picker: ClassVar[str | None] = "company"
    is_trigger: ClassVar[bool] = True
    company_id: int


@dataclass(frozen=True, slots=True)
class CompanyUnlinked(Fact):
    kind: ClassVar[int] = 111
    name: ClassVar[str] = "company_unlinked"
    label: ClassVar[str] = "Contact leaves a company"
    object: ClassVar[str | None] = "company_id"
    picker: ClassVar[str | None] = "company"
    is_trigger: ClassVar[bool] = True
    company_id: int


@dataclass(frozen=True, slots=True)
class NoteAdded(Fact):
    kind: ClassVar[int] = 112
    name: ClassVar[str] = "note_added"
    label: ClassVar[str] = "Note is added"
    object: ClassVar[str | None] = "note_id"
    is_trigger: ClassVar[bool] = True
    note_id: int


@dataclass(frozen=True, slots=True)
class OwnerChanged(Fact):
    """Another user looks after the contact, or nobody (no owner_id)."""

    kind: ClassVar[int] = 113
    name: ClassVar[str] = "owner_changed"
    label: ClassVar[str] = "Owner changes"
    object: ClassVar[str | None] = "owner_id"
    picker: ClassVar[str | None] = "user"
    is_trigger: ClassVar[bool] = True
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class FileAdded(Fact):
    kind: ClassVar[int] = 114
    name: ClassVar[str] = "file_added"
    label: ClassVar[str] = "File is added"
    object: ClassVar[str | None] = "file_id"
    file_id: int


@dataclass(frozen=True, slots=True)
class CompanyChanged(Fact):
    """The contact's company got another name, domain, owner or field value."""

    kind: ClassVar[int] = 115
    name: ClassVar[str] = "company_changed"
    label: ClassVar[str] = "Contact's company changes"
    object: ClassVar[str | None] = "company_id"
    picker: ClassVar[str | None] = "company"
    is_trigger: ClassVar[bool] = True
    company_id: int


FACTS = (
    ContactCreated,
    ContactUpdated,
    TagAdded,
    TagRemoved,
    ListSubscribed,
    ListUnsubscribed,
    FieldChanged,
    ContactDeleted,
    ContactRestored,
    ContactMerged,
    ConfirmationRequested,
    ConsentGiven,
    ConsentWithdrawn,
    CompanyLinked,
    CompanyUnlinked,
    NoteAdded,
    OwnerChanged,
    FileAdded,
    CompanyChanged,
)
