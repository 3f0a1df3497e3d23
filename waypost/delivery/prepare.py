"""Claimed rows become envelopes: messages compiled once per revision, recipients read as a set."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from waypost.delivery.channels.base import Envelope, Result
from waypost.delivery.errors import MessageGone
from waypost.delivery.queries import get_sender
from waypost.delivery.token import Tokens
from waypost.kernel.errors import Failure
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.work import SystemWork
from waypost.messages.compile import CompiledMessage, compile_message
from waypost.messages.queries import find_message, list_columns, list_links, recipient_rows
from waypost.messages.types import Message

if TYPE_CHECKING:
    from waypost.delivery.outbox import Claimed

MOST_COMPILED = 64
GONE = 550


class Preparer:
    """Keeps compiled messages between batches."""

    def __init__(self, work: SystemWork, tokens: Tokens) -> None:
        self._work = work
        self._tokens = tokens
        self._compiled: dict[tuple[int, int, int, str], tuple[CompiledMessage, bytes]] = {}

    async def envelopes(self, workspace_id: int, claimed: Sequence[Claimed]) -> tuple[list[Envelope], list[Result]]:
        """Envelopes by index into `claimed`, and results for those that cannot be made."""
        by_message: dict[int, list[int]] = {}
        for index, row in enumerate(claimed):
            by_message.setdefault(row.message_id, []).append(index)
        envelopes: list[Envelope] = []
        broken: list[Result] = []
        async with self._work.db.read(workspace_id) as read:
            for message_id, indexes in by_message.items():
                try:
                    made = await self._for_message(read, message_id, [(index, claimed[index]) for index in indexes])
                except Failure as failure:
                    broken += [Result(index, GONE, failure.detail) for index in indexes]
                    continue
                envelopes += made
                there = {envelope.index for envelope in made}
                broken += [Result(i, GONE, "The contact no longer exists.") for i in indexes if i not in there]
        return envelopes, broken

    async def _for_message(
        self, read: ReadTx, message_id: int, rows: Sequence[tuple[int, Claimed]]
    ) -> list[Envelope]:
        compiled, mail_from = await self._compile(read, message_id)
        known = await list_columns(read)
        rest = await recipient_rows(read, compiled.columns, compiled.conditions, known)
        found = await read.all(
            sql(
                """
                select contact.id{rest} from contacts.contact as contact
                where contact.workspace_id = {workspace} and contact.id = any({ids}::bigint[])
                  and contact.deleted_at is null
                """,
                rest=rest,
                ids=[row.contact_id for _, row in rows],
            )
        )
        values = {record[0]: tuple(record)[1:] for record in found}
        blank: tuple[Any, ...] = ("",) * len(compiled.columns) + (False,) * len(compiled.conditions)
        workspace_id, make, build = read.workspace_id, self._tokens.make, compiled.build
        envelopes: list[Envelope] = []
        for index, row in rows:
            value = values.get(row.contact_id, None if row.contact_id else blank)
            if value is None:
                continue
            token = make(workspace_id, row.id)
            address = row.email.encode("utf-8")
            envelopes.append(Envelope(index, mail_from, address, partial(build, (row.email, *value), token)))
        return envelopes

    async def _compile(self, read: ReadTx, message_id: int) -> tuple[CompiledMessage, bytes]:
        message = await find_message(read, message_id)
        if message is None:
            raise MessageGone
        sender = await get_sender(read)
        from_email = message.from_email or sender.from_email
        key = (read.workspace_id, message_id, message.revision, f"{message.from_name or sender.from_name}<{from_email}")
        cached = self._compiled.get(key)
        if cached is not None:
            return cached
        complete = _with_sender(message, message.from_name or sender.from_name, from_email)
        made = compile_message(
            complete,
            await list_links(read, message_id),
            await list_columns(read),
            public_url=self._work.settings.base_url,
            domain=from_email.rpartition("@")[2] or "localhost",
        )
        if len(self._compiled) >= MOST_COMPILED:
            self._compiled.clear()
        self._compiled[key] = (made, from_email.encode("utf-8"))
        return self._compiled[key]


def _with_sender(message: Message, from_name: str, from_email: str) -> Message:
    return Message(
        message.id,
        message.name,
        message.subject,
        message.preheader,
        from_name,
        from_email,
        message.reply_to,
        message.document,
        message.revision,
        message.created_at,
        message.updated_at,
    )
