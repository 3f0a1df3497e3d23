"""Bodies of the message routes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import msgspec

from waypost.kernel.model import Model, Out
from waypost.messages.check import Finding
from waypost.messages.html_import import MOST_SOURCE, FoundImage, ImportedHtml
from waypost.messages.ready import Template
from waypost.messages.types import Message, SavedTemplate

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Line = Annotated[str, msgspec.Meta(max_length=500)]


class MessageBody(Model):
    name: Name
    subject: Line = ""
    preheader: Line = ""
    from_name: Line = ""
    from_email: Line = ""
    reply_to: Line = ""
    document: dict[str, Any] | None = None


class MessageChange(Model):
    name: Name | None = None
    subject: Line | None = None
    preheader: Line | None = None
    from_name: Line | None = None
    from_email: Line | None = None
    reply_to: Line | None = None
    document: dict[str, Any] | None = None


class PreviewBody(Model):
    document: dict[str, Any]
    subject: Line = ""
    preheader: Line = ""
    contact_id: int | None = None


class SaveTemplateBody(Model):
    message_id: Annotated[int, msgspec.Meta(ge=1)]
    name: Annotated[str, msgspec.Meta(max_length=200)] = ""


class ImportBody(Model):
    html: Annotated[str, msgspec.Meta(min_length=1, max_length=MOST_SOURCE)]


class ImportOut(Out):
    """A document to make a message of, and what was found in the HTML."""

    document: dict[str, Any]
    title: str
    images: list[FoundImage]
    removed: list[str]

    @classmethod
    def of(cls, made: ImportedHtml) -> ImportOut:
        document = {"version": 1, "kind": "html", "html": made.html}
        return cls(document=document, title=made.title, images=made.images, removed=made.removed)


class MessageSummary(Out):
    id: int
    name: str
    subject: str
    preheader: str
    from_name: str
    from_email: str
    revision: int
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, message: Message) -> MessageSummary:
        return cls(
            id=message.id,
            name=message.name,
            subject=message.subject,
            preheader=message.preheader,
            from_name=message.from_name,
            from_email=message.from_email,
            revision=message.revision,
            created_at=message.created_at,
            updated_at=message.updated_at,
        )


class MessageList(Out):
    items: list[MessageSummary]
    next: str | None
    total: int | None = None


class FindingList(Out):
    """What is wrong with a message, errors first; none keeps it from being sent unless it is an error."""

    items: list[Finding]
    next: str | None = None
    total: int | None = None


class TemplateOut(Out):
    id: str
    name: str
    description: str
    subject: str
    preheader: str
    document: dict[str, Any]
    is_saved: bool = False
    """Whether it was saved here, and can be deleted."""

    @classmethod
    def of(cls, template: Template, document: dict[str, Any]) -> TemplateOut:
        return cls(
            id=template.id,
            name=template.name,
            description=template.description,
            subject=template.subject,
            preheader=template.preheader,
            document=document,
        )

    @classmethod
    def of_saved(cls, template: SavedTemplate) -> TemplateOut:
        return cls(
            id=str(template.id),
            name=template.name,
            description=template.subject,
            subject=template.subject,
            preheader=template.preheader,
            document=template.document,
            is_saved=True,
        )


class TemplateList(Out):
    items: list[TemplateOut]
