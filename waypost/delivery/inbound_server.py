"""The built-in receiver: bounces, complaints and replies come by SMTP to addresses that only we could have made.

A mail is acknowledged when what follows from it has been committed; whoever sends it again changes
nothing. Addresses without a valid token are refused at RCPT, but for the few that feedback loops and
people write to, where the mail itself must name a message of ours.
"""

from __future__ import annotations

import asyncio

from waypost.delivery.bounces import read_notice
from waypost.delivery.inbound import Arrival, take
from waypost.delivery.inbound_address import read_message_ids, read_return_path
from waypost.delivery.receiver import Received, SmtpReceiver
from waypost.delivery.tokens import Tokens
from waypost.kernel.config import Settings
from waypost.kernel.db import Database
from waypost.kernel.log import log

OPEN_LOCAL_PARTS = ("abuse", "bounces", "complaints", "fbl", "postmaster", "replies", "reply", "b")


class InboundStore:
    """Understands mail and lets it have its consequences."""

    def __init__(self, settings: Settings, db: Database) -> None:
        self._db = db
        self._tokens = Tokens.of(settings)

    def accepts(self, address: str) -> bool:
        if read_return_path(self._tokens, address) is not None:
            return True
        local, _, domain = address.rpartition("@")
        return bool(domain) and local.lower() in OPEN_LOCAL_PARTS

    async def keep(self, received: Received) -> None:
        await self.take_mail(received.raw, received.rcpt_to, "smtp")

    async def take_mail(self, raw: bytes, recipients: list[str], source: str) -> bool:
        """Whether the mail was about a message of ours."""
        notice = read_notice(raw)
        named = (read_return_path(self._tokens, address) for address in recipients)
        found = next((item for item in named if item), None) or read_message_ids(self._tokens, notice.about)
        if found is None:
            log.info("mail about no message of ours", what=notice.what.name.lower(), source=source)
            return False
        workspace_id, ledger_id = found
        async with self._db.transaction(workspace_id) as tx:
            await take(tx, [Arrival.of(ledger_id, notice, source)])
        return True


async def serve_inbound(settings: Settings, db: Database) -> None:
    """Listen on every address of the machine until cancelled."""
    store = InboundStore(settings, db)
    server = await asyncio.get_running_loop().create_server(
        lambda: SmtpReceiver(store.keep, name="waypost", accepts=store.accepts), port=settings.inbound_port
    )
    log.info("receiver of bounces ready", port=settings.inbound_port)
    async with server:
        await server.serve_forever()
