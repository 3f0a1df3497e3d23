"""Mailboxes that are asked every minute: their settings, and the engine that reads them.

A mailbox is taken by moving its due time ahead, read with no transaction open, and each mail is let
have its consequences before the place up to which it was read is kept: after a crash some mails are
read again, which changes nothing.
"""

from __future__ import annotations

import asyncio
import re
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import policy
from email.parser import BytesHeaderParser

from waypost.delivery.errors import MailboxNotFound
from waypost.delivery.inbound_fetch import Access, MailboxProblem, fetch, forget
from waypost.delivery.inbound_server import InboundStore
from waypost.kernel.crypto import seal, unseal
from waypost.kernel.errors import invalid
from waypost.kernel.net import is_public
from waypost.kernel.registry import Engine
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.kernel.work import SystemWork

EVERY = timedelta(minutes=1)
AFTER_PROBLEM = timedelta(minutes=10)
_PURPOSE = "inbound mailbox"
_COLUMNS = sql(
    """
    id, protocol, host, port, security, username, sealed_password, folder, is_enabled, uid_validity, last_uid,
    checked_at, problem
    """
)
_addresses = re.compile(r"[^\s<>,;\"]+@[^\s<>,;\"]+").findall


@dataclass(frozen=True, slots=True)
class InboundMailbox:
    """A mailbox with its sealed password, and how reading it went."""

    id: int
    protocol: str
    host: str
    port: int
    security: str
    username: str
    sealed_password: str
    folder: str
    is_enabled: bool
    uid_validity: int
    last_uid: int
    checked_at: datetime | None
    problem: str | None


async def list_inbound_mailboxes(tx: ReadTx) -> Sequence[InboundMailbox]:
    statement = sql(
        "select {columns} from delivery.inbound_mailbox where workspace_id = {workspace} order by id", columns=_COLUMNS
    )
    return await tx.all(statement, InboundMailbox)


async def save_inbound_mailbox(
    tx: Tx, mailbox_id: int | None, *, protocol: str, host: str, port: int, security: str, username: str,
    password: str | None, folder: str, is_enabled: bool,
) -> InboundMailbox:  # fmt: skip
    """A password that is None stays; another server or folder is read from its beginning."""
    if not host.strip():
        raise invalid("/host", "Enter the name of the mail server.")
    if password is None and mailbox_id is None:
        raise invalid("/password", "Enter the password.")
    sealed = "" if password is None else seal(tx.settings, password.encode(), purpose=_PURPOSE)
    values = {
        "protocol": protocol, "host": host.strip(), "port": port, "security": security, "username": username.strip(),
        "sealed": sealed, "folder": folder.strip() or "INBOX", "is_enabled": is_enabled,
    }  # fmt: skip
    if mailbox_id is None:
        statement = sql(
            """
            insert into delivery.inbound_mailbox (workspace_id, protocol, host, port, security, username,
                sealed_password, folder, is_enabled, due_at, created_at, updated_at)
            values ({workspace}, {protocol}, {host}, {port}, {security}, {username}, {sealed}, {folder}, {is_enabled},
                    {now}, {now}, {now})
            returning {columns}
            """,
            columns=_COLUMNS,
            **values,
        )
    else:
        statement = sql(
            """
            update delivery.inbound_mailbox
            set protocol = {protocol}, port = {port}, security = {security}, username = {username},
                sealed_password = case when {sealed} = '' then sealed_password else {sealed} end,
                last_uid = case when (host, folder) = ({host}, {folder}) then last_uid else 0 end,
                host = {host}, folder = {folder}, is_enabled = {is_enabled}, problem = null, due_at = {now},
                updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            returning {columns}
            """,
            columns=_COLUMNS,
            id=mailbox_id,
            **values,
        )
    found = await tx.maybe(statement, InboundMailbox)
    if found is None:
        raise MailboxNotFound(mailbox_id=mailbox_id)
    tx.wake("inbound")
    return found


async def delete_inbound_mailbox(tx: Tx, mailbox_id: int) -> None:
    statement = sql(
        "delete from delivery.inbound_mailbox where workspace_id = {workspace} and id = {id}", id=mailbox_id
    )
    if await tx.run(statement) == 0:
        raise MailboxNotFound(mailbox_id=mailbox_id)


def due_mailboxes() -> Sql:
    return sql(
        """
        select w.id as workspace_id from identity.workspace w
        where exists (select 1 from delivery.inbound_mailbox m
                      where m.workspace_id = w.id and m.is_enabled and m.due_at <= {now})
        """
    )


class Reader:
    """Reads mailboxes that are due."""

    def __init__(self, work: SystemWork) -> None:
        self._db = work.db
        self._settings = work.settings
        self._store = InboundStore(work.settings, work.db)

    async def tick(self, workspace_id: int) -> bool:
        """One part of one mailbox; whether there may be more."""
        async with self._db.transaction(workspace_id) as tx:
            taken = await tx.maybe(_take(tx.now + EVERY), InboundMailbox)
        if taken is None:
            return False
        access = self._access(taken)
        try:
            await self._guard(taken.host)
            found = await asyncio.to_thread(fetch, access)
            for raw in found.mails:
                # lint: no-row-loops because a turn is a mail that came in, of any workspace
                await self._store.take_mail(raw, _recipients(raw), taken.protocol)
            if found.keys:
                await asyncio.to_thread(forget, access, found.keys)
        except MailboxProblem as problem:
            await self._note(workspace_id, taken, taken.uid_validity, taken.last_uid, str(problem), AFTER_PROBLEM)
            return True
        pause = timedelta(0) if found.is_more else EVERY
        await self._note(workspace_id, taken, found.uid_validity, found.last_uid, None, pause)
        return True

    def _access(self, box: InboundMailbox) -> Access:
        password = unseal(self._settings, box.sealed_password, purpose=_PURPOSE).decode()
        return Access(box.protocol, box.host, box.port, box.security, box.username, password, box.folder,
                      box.uid_validity, box.last_uid)  # fmt: skip

    async def _guard(self, host: str) -> None:
        if self._settings.allow_private_hosts:
            return
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except OSError as error:
            raise MailboxProblem(f"{host} is not found.") from error
        if not all(is_public(str(item[4][0])) for item in found):
            raise MailboxProblem(f"{host} points to a private address.")

    async def _note(
        self,
        workspace_id: int,
        box: InboundMailbox,
        validity: int,
        last_uid: int,
        problem: str | None,
        pause: timedelta,
    ) -> None:
        async with self._db.transaction(workspace_id) as tx:
            await tx.run(
                sql(
                    """
                    update delivery.inbound_mailbox
                    set uid_validity = {validity}, last_uid = {last_uid}, problem = {problem}::text, checked_at = {now},
                        due_at = {due_at}
                    where workspace_id = {workspace} and id = {id} and host = {host} and folder = {folder}
                    """,
                    validity=validity,
                    last_uid=last_uid,
                    problem=problem,
                    due_at=tx.now + pause,
                    id=box.id,
                    host=box.host,
                    folder=box.folder,
                )
            )


def _take(until: datetime) -> Sql:
    return sql(
        """
        update delivery.inbound_mailbox set due_at = {until}
        where workspace_id = {workspace} and id = (
            select id from delivery.inbound_mailbox where workspace_id = {workspace} and is_enabled and due_at <= {now}
            order by due_at limit 1 for update skip locked)
        returning {columns}
        """,
        until=until,
        columns=_COLUMNS,
    )


def _recipients(raw: bytes) -> list[str]:
    """Who the mail was for, as the mailbox's server wrote it down."""
    head = BytesHeaderParser(policy=policy.compat32).parsebytes(raw[:64_000])
    names = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "to", "cc")
    return [found for name in names for value in head.get_all(name, []) for found in _addresses(str(value))]


@asynccontextmanager
async def open_reader(work: SystemWork) -> AsyncIterator[Callable[[int], Awaitable[bool]]]:
    yield Reader(work).tick


MAILBOXES = Engine("inbound", "inbound", due_mailboxes, open_reader, interval_seconds=10.0)
