"""POST /in/{provider}/{key}: where mail providers report bounces and complaints.

The key in the address proves that we gave it out; providers that sign must also have signed. What
names one of our messages (by its return path or Message-ID) is taken for that message, else for the
latest one to the address. The answer is 200 once all of it is committed.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any, cast

import httpx
import orjson

from waypost.delivery.inbound import Arrival, take
from waypost.delivery.inbound_address import read_message_ids, read_return_path
from waypost.delivery.inbound_hooks import HookEvent, read_events
from waypost.delivery.inbound_settings import Inbound, get_inbound, opened, read_hook_key
from waypost.delivery.inbound_signatures import is_from_mailgun, is_from_sendgrid, is_from_sns, is_sns_address
from waypost.delivery.tokens import Tokens
from waypost.delivery.tracking import Receive, Scope, Send, answer
from waypost.kernel.log import log
from waypost.kernel.net import AddressRefused, http_client
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.work import SystemWork

MAX_BODY = 5_000_000


class ProviderHooks:
    """Takes webhooks; the certificates that SNS signs by are fetched once."""

    def __init__(self, work: SystemWork) -> None:
        self._work = work
        self._tokens = Tokens.of(work.settings)
        self._certificates: dict[str, bytes] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        provider, _, key = scope["path"].removeprefix("/in/").partition("/")
        workspace_id = read_hook_key(self._work.settings, provider, key.rstrip("/"))
        if workspace_id is None:
            await answer(send, 404, b"There is no such address.")
            return
        if scope["method"] != "POST":
            await answer(
                send, 200, b"This address waits for reports of the mail provider.", is_head=scope["method"] == "HEAD"
            )
            return
        raw = await _read(receive)
        if raw is None:
            await answer(send, 413, b"The report is too large.")
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        try:
            status, words = await self._take(workspace_id, provider, headers, raw)
        except (httpx.HTTPError, AddressRefused) as error:
            # The provider sends the report again after a 5xx; a certificate we cannot fetch now may come then.
            log.warning("webhook put off, its provider was not reached", provider=provider, reason=str(error))
            status, words = 503, b"The provider could not be reached to check the report."
        await answer(send, status, words)

    async def _take(self, workspace_id: int, provider: str, headers: dict[str, str], raw: bytes) -> tuple[int, bytes]:
        try:
            body: Any = orjson.loads(raw)
        except orjson.JSONDecodeError:
            return 400, b"The report is not JSON."
        async with self._work.db.read(workspace_id) as read:
            inbound = await get_inbound(read)
        if not await self._is_signed(inbound, provider, headers, raw, body):
            log.warning("webhook refused, the signature is not right", provider=provider, workspace_id=workspace_id)
            return 403, b"The signature is not right."
        if provider == "ses":
            body = await self._unwrap(cast("dict[str, Any]", body))
        events = read_events(provider, body)
        async with self._work.db.transaction(workspace_id) as tx:
            ledger_ids = await self._match(tx, workspace_id, events)
            arrivals = [
                Arrival(found, event.what, provider, event.cause, event.status, event.diagnostic)
                for event, found in zip(events, ledger_ids, strict=True)
                if found is not None
            ]
            await take(tx, arrivals)
        return 200, b"Taken."

    async def _is_signed(self, inbound: Inbound, provider: str, headers: dict[str, str], raw: bytes, body: Any) -> bool:
        settings = self._work.settings
        if provider == "ses":
            return isinstance(body, dict) and await is_from_sns(cast("dict[str, Any]", body), self._fetch)
        if provider == "sendgrid" and inbound.sendgrid_key:
            return is_from_sendgrid(opened(settings, inbound.sendgrid_key), headers, raw)
        if provider == "mailgun" and inbound.mailgun_key:
            key = opened(settings, inbound.mailgun_key)
            return isinstance(body, dict) and is_from_mailgun(key, cast("dict[str, Any]", body), time.time())
        return True

    async def _unwrap(self, body: dict[str, Any]) -> Any:
        """A topic's first message asks whether we want it; the others carry SES's own as text."""
        if body.get("Type") == "SubscriptionConfirmation":
            url = str(body.get("SubscribeURL", ""))
            if is_sns_address(url):
                await self._get(url)
            return {}
        try:
            return orjson.loads(str(body.get("Message", "")))
        except orjson.JSONDecodeError:
            return {}

    async def _fetch(self, url: str) -> bytes:
        if url not in self._certificates:
            self._certificates[url] = await self._get(url)
        return self._certificates[url]

    async def _get(self, url: str) -> bytes:
        async with http_client(self._work.settings) as client:
            found = await client.get(url)
            found.raise_for_status()
            return found.content

    async def _match(self, read: ReadTx, workspace_id: int, events: Sequence[HookEvent]) -> list[int | None]:
        named = [
            read_return_path(self._tokens, event.return_path) or read_message_ids(self._tokens, event.ids)
            for event in events
        ]
        ours = [found[1] if found and found[0] == workspace_id else None for found in named]
        others = {event.recipient for event, found in zip(events, ours, strict=True) if found is None}
        latest = await _find_latest(read, sorted(others)) if others else {}
        return [found or latest.get(event.recipient) for event, found in zip(events, ours, strict=True)]

    async def close(self) -> None:
        self._certificates.clear()


async def _find_latest(read: ReadTx, addresses: Sequence[str]) -> dict[str, int]:
    """The last message of a month that went to each address."""
    rows = await read.all(
        sql(
            """
            select c.email, last.id from contacts.contact c
            cross join lateral (
                select l.id from delivery.ledger l
                where l.workspace_id = {workspace} and l.contact_id = c.id and l.email = c.email and l.state = 2
                  and l.source_kind not in (3, 6) and l.sent_at > {now} - interval '30 days'
                order by l.id desc limit 1
            ) as last
            where c.workspace_id = {workspace} and c.email = any({addresses}::text[]) and c.deleted_at is null
            """,
            addresses=list(addresses),
        )
    )
    return {row["email"]: row["id"] for row in rows}


async def _read(receive: Receive) -> bytes | None:
    """The body, or None when it is longer than any provider's."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part = message.get("body", b"")
        size += len(part)
        if size > MAX_BODY:
            return None
        parts.append(part)
        if not message.get("more_body"):
            return b"".join(parts)
