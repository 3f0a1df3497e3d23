"""Versions of a message: what it was when somebody said so, when it was sent, and before an older one came back.

Every change counts the revision up and is saved by itself; of all those revisions only these are kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.actions import update_message
from waypost.messages.errors import VersionNotFound
from waypost.messages.queries import get_message
from waypost.messages.types import Message

KEPT = 100
Reason = Literal["save", "send", "restore"]


@dataclass(frozen=True, slots=True)
class VersionSummary:
    revision: int
    reason: Reason
    subject: str
    user_id: int | None
    user_name: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Version:
    revision: int
    reason: Reason
    name: str
    subject: str
    preheader: str
    document: dict[str, Any]
    created_at: datetime


async def keep_version(tx: Tx, message_id: int, reason: Reason) -> None:
    """Keep the message as it is now; a revision is kept once, and the hundred newest stay."""
    await get_message(tx, message_id)
    await tx.run(
        sql(
            """
            insert into messages.version
                (workspace_id, message_id, revision, reason, name, subject, preheader, document, user_id, created_at)
            select m.workspace_id, m.id, m.revision, {reason}, m.name, m.subject, m.preheader, m.document,
                   {user_id}::bigint, {now}
            from messages.message m where m.workspace_id = {workspace} and m.id = {message_id}
            on conflict (workspace_id, message_id, revision) do nothing
            """,
            message_id=message_id,
            reason=reason,
            user_id=tx.actor.id if tx.actor.kind in ("user", "api") else None,
        )
    )
    await _forget_oldest(tx, message_id)


async def _forget_oldest(tx: Tx, message_id: int) -> None:
    await tx.run(
        sql(
            """
            delete from messages.version where workspace_id = {workspace} and message_id = {message_id}
              and revision <= (
                select revision from messages.version
                where workspace_id = {workspace} and message_id = {message_id}
                order by revision desc offset {kept} limit 1)
            """,
            message_id=message_id,
            kept=KEPT,
        )
    )


async def keep_sent(tx: Tx, message: Message) -> None:
    """Keep the message as it is about to go out, so that everyone can be shown what they got."""
    await tx.run(
        sql(
            """
            insert into messages.version
                (workspace_id, message_id, revision, reason, name, subject, preheader, document, user_id, created_at)
            select m.workspace_id, m.id, {revision}::bigint, 'send', {name}, {subject}, {preheader}, {document}::jsonb,
                   null, {now}
            from messages.message m where m.workspace_id = {workspace} and m.id = {message_id}
            on conflict (workspace_id, message_id, revision) do nothing
            """,
            message_id=message.id,
            revision=message.revision,
            name=message.name,
            subject=message.subject,
            preheader=message.preheader,
            document=message.document,
        )
    )
    await _forget_oldest(tx, message.id)


async def list_versions(tx: ReadTx, message_id: int) -> list[VersionSummary]:
    """The newest first."""
    await get_message(tx, message_id)
    return await tx.all(
        sql(
            """
            select v.revision, v.reason, v.subject, v.user_id, coalesce(nullif(u.name, ''), u.email) as user_name, v.created_at
            from messages.version v left join identity.user_account u on u.id = v.user_id
            where v.workspace_id = {workspace} and v.message_id = {message_id} order by v.revision desc
            """,
            message_id=message_id,
        ),
        VersionSummary,
    )


async def get_version(tx: ReadTx, message_id: int, revision: int) -> Version:
    found = await tx.maybe(
        sql(
            """
            select revision, reason, name, subject, preheader, document, created_at from messages.version
            where workspace_id = {workspace} and message_id = {message_id} and revision = {revision}
            """,
            message_id=message_id,
            revision=revision,
        ),
        Version,
    )
    if found is None:
        raise VersionNotFound(message_id=message_id, revision=revision)
    return found


async def restore_version(tx: Tx, message_id: int, revision: int) -> Message:
    """The older content as the newest revision; what was there is kept first, so that nothing is lost."""
    version = await get_version(tx, message_id, revision)
    await keep_version(tx, message_id, "restore")
    return await update_message(
        tx,
        message_id,
        name=version.name,
        subject=version.subject,
        preheader=version.preheader,
        document=version.document,
    )
