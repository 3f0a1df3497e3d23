"""Messages compiled for sending, kept while neither they nor the fields they use have changed."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from waypost.delivery.queries import get_sender
from waypost.kernel.config import Settings
from waypost.kernel.errors import Failure
from waypost.kernel.sql import Sql
from waypost.kernel.tx import ReadTx
from waypost.messages.compile import CompiledMessage, compile_message
from waypost.messages.queries import find_message, list_columns, list_links, recipient_rows

KEPT = 64


@dataclass(frozen=True, slots=True)
class Letter:
    """A compiled message with its sender and the select list of its recipients' values."""

    compiled: CompiledMessage
    sender: str
    select: Sql

    def build(self, row: Any, token: bytes) -> bytes:
        return self.compiled.build(row, token)


class Letters:
    """A small cache by all that the compiled form depends on."""

    def __init__(self, settings: Settings) -> None:
        self._public_url = settings.base_url
        self._domain = urlsplit(settings.base_url).hostname or "localhost"
        self._kept: dict[tuple[object, ...], Letter] = {}

    async def find(self, read: ReadTx, message_id: int) -> Letter | str:
        """The letter, or why there is none."""
        message = await find_message(read, message_id)
        if message is None:
            return "The message was deleted."
        sender = await get_sender(read)
        from_email = message.from_email or sender.from_email
        if "@" not in from_email:
            return "The message has no sender address, and there is no default one."
        message = replace(message, from_name=message.from_name or sender.from_name, from_email=from_email)
        columns = await list_columns(read)
        key = (read.workspace_id, message.id, message.revision, message.from_name, from_email, tuple(columns))
        kept = self._kept.get(key)
        if kept is not None:
            return kept
        links = await list_links(read, message_id)
        domain = from_email.rpartition("@")[2] or self._domain
        try:
            compiled = compile_message(message, links, columns, public_url=self._public_url, domain=domain)
            select = await recipient_rows(read, compiled.columns, compiled.conditions, columns)
        except Failure as failure:
            return f"The message could not be rendered: {failure.detail}"
        while len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)))
        letter = Letter(compiled, from_email, select)
        self._kept[key] = letter
        return letter
