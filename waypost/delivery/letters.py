"""Messages compiled for sending, kept while neither they, their sender nor the fields they use have changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from waypost.delivery.dkim import Signer
from waypost.delivery.inbound_settings import get_inbound, return_base
from waypost.delivery.queries import DEFAULT_FROM_EMAIL, find_sender, get_sender, has_real_server
from waypost.delivery.sender_domains import SendingDomain, find_domain, signer_of
from waypost.delivery.types import Sender
from waypost.identity.queries import get_workspace
from waypost.kernel.config import Settings
from waypost.kernel.errors import Failure
from waypost.kernel.sql import Sql
from waypost.kernel.tx import ReadTx
from waypost.messages.compile import CompiledMessage, compile_message
from waypost.messages.constants import Constants
from waypost.messages.queries import find_message, list_columns, list_links, recipient_rows
from waypost.messages.types import Column, Message

KEPT = 64
NO_SENDER = "The message has no sender address, and there is no default one. Add a sender in Settings."


@dataclass(frozen=True, slots=True)
class Letter:
    """A compiled message with its sender and the select list of its recipients' values."""

    compiled: CompiledMessage
    sender: str
    select: Sql
    signer: Signer | None
    sender_id: int | None
    relay_id: int | None
    return_base: str
    """The address that bounces come back to, before the message's token is added; empty means the sender's."""

    @property
    def domain(self) -> str:
        return self.sender.rpartition("@")[2].lower()

    def build(self, row: Any, token: bytes, *, is_signed: bool = True) -> bytes:
        message = self.compiled.build(row, token)
        if self.signer is None or not is_signed:
            return message
        return self.signer.sign(message) + message


class Letters:
    """A small cache by all that the compiled form depends on."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._public_url = settings.base_url
        self._domain = urlsplit(settings.base_url).hostname or "localhost"
        self._kept: dict[tuple[object, ...], Letter] = {}
        self._fresh: list[tuple[int, Message]] = []

    def take_fresh(self, workspace_id: int) -> list[Message]:
        """The workspace's messages that were compiled since this was last asked."""
        fresh = [message for owner, message in self._fresh if owner == workspace_id]
        self._fresh = [item for item in self._fresh if item[0] != workspace_id]
        return fresh

    async def find(self, read: ReadTx, message_id: int) -> Letter | str:
        """The letter, or why there is none."""
        message = await find_message(read, message_id)
        if message is None:
            return "The message was deleted."
        default = await get_sender(read)
        from_email = message.from_email or default.from_email
        if "@" not in from_email:
            return NO_SENDER
        if from_email == DEFAULT_FROM_EMAIL and await has_real_server(read):
            return NO_SENDER
        sender = await find_sender(read, from_email)
        domain = await find_domain(read, from_email.rpartition("@")[2])
        message = replace(
            message,
            from_name=message.from_name or (sender.from_name if sender else default.from_name),
            from_email=from_email,
            reply_to=message.reply_to or (sender.reply_to if sender else ""),
        )
        base = return_base(self._settings, domain, await get_inbound(read))
        columns = await list_columns(read)
        constants = await _constants(read, sender)
        key = (constants, read.workspace_id, message.id, message.revision, message.from_name, from_email, message.reply_to,
               sender, domain.updated_at if domain else None, base, tuple(columns))  # fmt: skip
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        letter = await self._make(read, message, columns, constants, sender, domain, base)
        if isinstance(letter, Letter):
            while len(self._kept) >= KEPT:
                self._kept.pop(next(iter(self._kept)))
            self._kept[key] = letter
            self._fresh.append((read.workspace_id, message))
        return letter

    async def _make(
        self,
        read: ReadTx,
        message: Message,
        columns: Sequence[Column],
        constants: Constants,
        sender: Sender | None,
        domain: SendingDomain | None,
        base: str,
    ) -> Letter | str:
        host = message.from_email.rpartition("@")[2] or self._domain
        try:
            compiled = compile_message(
                message,
                await list_links(read, message.id),
                columns,
                public_url=self._url_of(domain),
                domain=host,
                extra_head=list_head(read.workspace_id, message, host),
                constants=constants,
            )
            select = await recipient_rows(read, compiled.columns, compiled.conditions, columns)
        except Failure as failure:
            return f"The message could not be rendered: {failure.detail}"
        return Letter(
            compiled=compiled,
            sender=message.from_email,
            select=select,
            signer=signer_of(self._settings, domain) if domain else None,
            sender_id=sender.id if sender else None,
            relay_id=sender.relay_id if sender else None,
            return_base=base,
        )

    def _url_of(self, domain: SendingDomain | None) -> str:
        """Links lead through the domain's own host once that has been seen to lead here."""
        if domain is None or not domain.is_tracking_ready:
            return self._public_url
        parts = urlsplit(self._public_url)
        return f"{parts.scheme}://{domain.tracking_host}{parts.path}"


async def _constants(read: ReadTx, sender: Sender | None) -> Constants:
    """The day where the workspace is, and the sender's postal address."""
    zone = ZoneInfo((await get_workspace(read)).time_zone)
    return Constants(read.now.astimezone(zone).date(), sender.physical_address if sender else "")


def list_head(workspace_id: int, message: Message, host: str) -> bytes:
    """List-Id (RFC 2919) and Feedback-ID, by which mailbox providers tell one sender's streams apart."""
    ascii_host = host if host.isascii() else host.encode("idna").decode()
    return (
        f"List-Id: <w{workspace_id}.lists.{ascii_host}>\r\n"
        f"Feedback-ID: m{message.id}:w{workspace_id}:marketing:waypost\r\n"
    ).encode()
