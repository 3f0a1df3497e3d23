"""/w/{token}: the message in the browser, as its recipient got it.

Shown is the version that was sent (kept when it was first compiled), not what has become of the message since;
the values are the recipient's of today, because values sent are not kept. The page runs nothing: it is sandboxed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from waypost.delivery.public_pages import lost_page
from waypost.delivery.queries import find_sender, get_sender
from waypost.delivery.tokens import Tokens
from waypost.delivery.tracking import Receive, Scope, Send, answer
from waypost.identity.queries import get_workspace
from waypost.kernel.errors import Failure
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.work import SystemWork
from waypost.messages.browser import Shown, show_message
from waypost.messages.constants import Constants

POLICY = (
    b"sandbox allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation; "
    b"default-src 'none'; img-src * data:; style-src 'unsafe-inline' https:; font-src https: data:"
)


@dataclass(frozen=True, slots=True)
class Copy:
    """A ledger row with the version of the message that it carried."""

    message_id: int
    revision: int
    contact_id: int | None
    from_email: str
    subject: str
    preheader: str
    document: dict[str, Any]
    sent_at: datetime | None


async def find_copy(read: ReadTx, ledger_id: int) -> Copy | None:
    """The newest version kept by the time of sending is the one that was sent; before sending it is the message."""
    return await read.maybe(
        sql(
            """
            select l.message_id, coalesce(v.revision, m.revision) as revision, c.id as contact_id, m.from_email,
                   coalesce(v.subject, m.subject) as subject, coalesce(v.preheader, m.preheader) as preheader,
                   coalesce(v.document, m.document) as document, l.sent_at
            from delivery.ledger l
            join messages.message m on m.workspace_id = l.workspace_id and m.id = l.message_id
            left join contacts.contact c on c.workspace_id = l.workspace_id and c.id = l.contact_id
              and c.deleted_at is null
            left join lateral (
                select revision, subject, preheader, document from messages.version
                where workspace_id = {workspace} and message_id = l.message_id and created_at <= l.sent_at
                order by revision desc limit 1
            ) v on true
            where l.workspace_id = {workspace} and l.id = {id}
            """,
            id=ledger_id,
        ),
        Copy,
    )


async def draw_copy(read: ReadTx, copy: Copy, *, base_url: str, token: str) -> str:
    """The HTML part with the recipient's values and links."""
    email = copy.from_email or (await get_sender(read)).from_email
    sender = await find_sender(read, email)
    zone = ZoneInfo((await get_workspace(read)).time_zone)
    day = (copy.sent_at or read.now).astimezone(zone).date()
    return await show_message(
        read,
        Shown(copy.message_id, copy.revision, copy.subject, copy.preheader, copy.document),
        contact_id=copy.contact_id,
        constants=Constants(day, sender.physical_address if sender else ""),
        base_url=base_url,
        token=token,
    )


class WebCopy:
    """GET only; what cannot be shown leads nowhere."""

    def __init__(self, work: SystemWork) -> None:
        self._work = work
        self._tokens = Tokens.of(work.settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        token = scope["path"][3:].encode("ascii", "replace")
        found = self._tokens.read(token)
        page = None if found is None else await self._draw(*found, token.decode())
        if page is None:
            await answer(send, 404, lost_page())
            return
        await answer(send, 200, page.encode(), is_head=scope["method"] == "HEAD", policy=POLICY)

    async def _draw(self, workspace_id: int, ledger_id: int, token: str) -> str | None:
        async with self._work.db.read(workspace_id) as read:
            copy = await find_copy(read, ledger_id)
            if copy is None:
                return None
            try:
                return await draw_copy(read, copy, base_url=self._work.settings.base_url, token=token)
            except Failure:
                return None
