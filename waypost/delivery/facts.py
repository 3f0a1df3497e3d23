"""What can happen to a message on its way and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from waypost.kernel.registry import Fact


@dataclass(frozen=True, slots=True)
class MessageSent(Fact):
    """The mail server took the message over."""

    kind: ClassVar[int] = 200
    name: ClassVar[str] = "message_sent"
    label: ClassVar[str] = "Message is sent"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    is_trigger: ClassVar[bool] = True
    message_id: int


@dataclass(frozen=True, slots=True)
class MessageOpened(Fact):
    kind: ClassVar[int] = 201
    name: ClassVar[str] = "message_opened"
    label: ClassVar[str] = "Message is opened"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    is_trigger: ClassVar[bool] = True
    message_id: int


@dataclass(frozen=True, slots=True)
class LinkClicked(Fact):
    kind: ClassVar[int] = 202
    name: ClassVar[str] = "link_clicked"
    label: ClassVar[str] = "Link in a message is clicked"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    is_trigger: ClassVar[bool] = True
    message_id: int
    link: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class MessageFailed(Fact):
    """The mail server refused the message for good."""

    kind: ClassVar[int] = 203
    name: ClassVar[str] = "message_failed"
    label: ClassVar[str] = "Message cannot be delivered"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    message_id: int
    code: int | None = None
    reply: str | None = None


@dataclass(frozen=True, slots=True)
class Unsubscribed(Fact):
    """The contact unsubscribed from everything, by a message's link."""

    kind: ClassVar[int] = 204
    name: ClassVar[str] = "unsubscribed"
    label: ClassVar[str] = "Contact unsubscribes from everything"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    is_trigger: ClassVar[bool] = True
    message_id: int


@dataclass(frozen=True, slots=True)
class MessageBounced(Fact):
    """The message came back, or was refused: hard, soft, or for reasons that say nothing about the address."""

    kind: ClassVar[int] = 205
    name: ClassVar[str] = "message_bounced"
    label: ClassVar[str] = "Message bounces"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    is_trigger: ClassVar[bool] = True
    message_id: int
    severity: str | None = None
    cause: str | None = None
    code: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MessageComplained(Fact):
    """The recipient reported the message as spam."""

    kind: ClassVar[int] = 206
    name: ClassVar[str] = "message_complained"
    label: ClassVar[str] = "Message is reported as spam"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    is_trigger: ClassVar[bool] = True
    message_id: int
    kind_of: str | None = None


@dataclass(frozen=True, slots=True)
class MessageReplied(Fact):
    """A person answered the message."""

    kind: ClassVar[int] = 207
    name: ClassVar[str] = "message_replied"
    label: ClassVar[str] = "Message is replied to"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    is_trigger: ClassVar[bool] = True
    message_id: int
    subject: str | None = None


@dataclass(frozen=True, slots=True)
class MessageForwarded(Fact):
    """The contact sent a copy on to a friend, by the message's own link; the friend's address is not noted here."""

    kind: ClassVar[int] = 323
    name: ClassVar[str] = "message_forwarded"
    label: ClassVar[str] = "Message is forwarded to a friend"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    is_trigger: ClassVar[bool] = True
    message_id: int


@dataclass(frozen=True, slots=True)
class OpenTakenBack(Fact):
    """An open that was counted turned out to be a scanner's."""

    kind: ClassVar[int] = 215
    name: ClassVar[str] = "open_taken_back"
    label: ClassVar[str] = "Open is taken back: a scanner did it"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    message_id: int
    told_at: str | None = None


@dataclass(frozen=True, slots=True)
class ClickTakenBack(Fact):
    """A click that was counted turned out to be a scanner's."""

    kind: ClassVar[int] = 216
    name: ClassVar[str] = "click_taken_back"
    label: ClassVar[str] = "Click is taken back: a scanner did it"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    message_id: int
    link: int | None = None
    told_at: str | None = None


@dataclass(frozen=True, slots=True)
class OpenDisproved(Fact):
    """What MessageOpened becomes when it is taken back."""

    kind: ClassVar[int] = 217
    name: ClassVar[str] = "open_disproved"
    label: ClassVar[str] = "Message is opened by a scanner"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    message_id: int


@dataclass(frozen=True, slots=True)
class ClickDisproved(Fact):
    """What LinkClicked becomes when it is taken back."""

    kind: ClassVar[int] = 218
    name: ClassVar[str] = "click_disproved"
    label: ClassVar[str] = "Link in a message is clicked by a scanner"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    message_id: int
    link: int | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class MachineOpened(Fact):
    """Apple's proxy or a scanner loaded the images; whether a person has read is not known."""

    kind: ClassVar[int] = 219
    name: ClassVar[str] = "machine_opened"
    label: ClassVar[str] = "Message is opened by a machine"
    object: ClassVar[str | None] = "message_id"
    picker: ClassVar[str | None] = "message"
    message_id: int


FACTS = (
    MessageSent,
    MessageOpened,
    LinkClicked,
    MessageFailed,
    Unsubscribed,
    MessageBounced,
    MessageComplained,
    MessageReplied,
    MessageForwarded,
    OpenTakenBack,
    ClickTakenBack,
    OpenDisproved,
    ClickDisproved,
    MachineOpened,
)
