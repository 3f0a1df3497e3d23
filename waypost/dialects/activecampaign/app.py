"""The ASGI application under /api/3: key, limit, route, transaction, answer."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import parse_qs
from zoneinfo import ZoneInfo

import orjson
from litestar.types import Receive, Scope, Send

from waypost.dialects.activecampaign import errors
from waypost.dialects.activecampaign.calls import Read, Write
from waypost.dialects.activecampaign.coerce import Unreadable
from waypost.dialects.activecampaign.envelope import Answer, dump
from waypost.dialects.activecampaign.limits import RateLimit
from waypost.dialects.activecampaign.paging import EMPTY, parse_query
from waypost.dialects.activecampaign.resources import ROUTES
from waypost.dialects.activecampaign.routing import Found, Handler, ReadHandler, WriteHandler
from waypost.identity.authenticate import DatabaseAuthenticator
from waypost.identity.queries import get_workspace
from waypost.kernel.errors import Failure, NotAllowed
from waypost.kernel.http.auth import Caller, Role, key_in
from waypost.kernel.log import log
from waypost.kernel.tx import ReadTx
from waypost.kernel.work import SystemWork

PREFIX = "/api/3"
MAX_BODY_BYTES = 10_000_000
REMEMBER_ZONE_SECONDS = 5.0
WRONG_KEY = "You are not authorized to access this data"


class TooLarge(Exception):
    """A body over the limit."""


class Application:
    """Made once per web process."""

    def __init__(self, work: SystemWork) -> None:
        self._db = work.db
        self._base = work.settings.base_url + PREFIX
        self._keys = DatabaseAuthenticator(work.db)
        self._limit = RateLimit()
        self._zones: dict[int, tuple[float, ZoneInfo]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = cast("dict[str, Any]", scope)
        caller = await self._caller(request)
        if caller is None:
            await _send(send, errors.message(403, WRONG_KEY), ())
            return
        remaining = self._limit.take(caller.workspace_id)
        headers = [
            (b"ratelimit-limit", b"%d" % self._limit.per_second),
            (b"ratelimit-remaining", b"%d" % max(remaining, 0)),
        ]
        if remaining < 0:
            answer = errors.message(429, "Too many requests; wait a second.")
            headers.append((b"retry-after", b"1"))
        else:
            answer = await self._answer(request, receive, caller, headers)
        await _send(send, answer, headers)

    async def _caller(self, request: Mapping[str, Any]) -> Caller | None:
        key = key_in(request["headers"])
        if key is None and b"api_key=" in request["query_string"]:
            key = parse_qs(request["query_string"].decode("latin-1")).get("api_key", [""])[0]
        return None if not key else await self._keys.by_key(key)

    async def _answer(
        self, request: Mapping[str, Any], receive: Receive, caller: Caller, headers: list[tuple[bytes, bytes]]
    ) -> Answer:
        method: str = request["method"]
        found = ROUTES.find(method, request["path"][len(PREFIX) :])
        if found is None:
            return errors.message(404, "No Result found for this path")
        if found.handler is None:
            headers.append((b"allow", ", ".join(found.methods).encode()))
            return errors.message(405, f"Method {method} is not allowed here")
        try:
            if method == "GET":
                return await self._read(request, found, found.handler, caller)
            return await self._write(request, receive, found, found.handler, caller)
        except Exception as failure:  # noqa: BLE001 - every failure has an answer
            return _refusal(failure, found.handler, request)

    async def _read(self, request: Mapping[str, Any], found: Found, handler: Handler, caller: Caller) -> Answer:
        function = cast("ReadHandler", handler.function)
        query = parse_query(request["query_string"])
        async with self._db.read(caller.workspace_id, actor=caller.actor) as read:
            zone = await self._zone(read)
            return await function(Read(read, found.path, query, caller, self._base, zone))

    async def _write(
        self, request: Mapping[str, Any], receive: Receive, found: Found, handler: Handler, caller: Caller
    ) -> Answer:
        if caller.role < Role.EDITOR:
            raise NotAllowed
        function = cast("WriteHandler", handler.function)
        body = _decode(await _receive(receive), takes_array=handler.takes_array)
        raw_query = request["query_string"]
        query = parse_query(raw_query) if raw_query else EMPTY
        begin = self._db.statement if handler.is_single else self._db.transaction
        async with begin(caller.workspace_id, actor=caller.actor) as tx:
            zone = await self._zone(tx)
            return await function(Write(tx, found.path, query, caller, self._base, zone, body))

    async def _zone(self, tx: ReadTx) -> ZoneInfo:
        """The workspace's time zone, remembered for a few seconds, since every row shows it."""
        known = self._zones.get(tx.workspace_id)
        now = time.monotonic()
        if known is not None and known[0] > now:
            return known[1]
        zone = ZoneInfo((await get_workspace(tx)).time_zone)
        self._zones[tx.workspace_id] = (now + REMEMBER_ZONE_SECONDS, zone)
        return zone


def _refusal(failure: Exception, handler: Handler, request: Mapping[str, Any]) -> Answer:
    """Expected failures in v3's shape; a bug is logged with its trace and answered without it."""
    if isinstance(failure, TooLarge):
        return errors.message(413, "The body is too large.")
    if isinstance(failure, Failure | Unreadable):
        return errors.answer_for(failure, renamed=handler.renamed)
    log.error("request failed", path=request["path"], method=request["method"], exc_info=failure)
    return errors.message(500, "Something went wrong on our side. It has been logged.")


async def _receive(receive: Receive) -> bytes:
    """The whole body."""
    chunks: list[bytes] = []
    size = 0
    while True:
        event = cast("dict[str, Any]", await receive())
        chunk: bytes = event.get("body", b"")
        size += len(chunk)
        if size > MAX_BODY_BYTES:
            raise TooLarge
        if chunk:
            chunks.append(chunk)
        if not event.get("more_body", False):
            return b"".join(chunks)


def _decode(body: bytes, *, takes_array: bool = False) -> Mapping[str, Any]:
    """An object; no body is an empty one (clients send DELETE and some POST without)."""
    if not body.strip():
        return {}
    try:
        found: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise errors.NotJson from error
    if isinstance(found, list) and takes_array:
        return {"array": cast("list[Any]", found)}
    if not isinstance(found, dict):
        raise errors.NotJson
    return cast("dict[str, Any]", found)


async def _send(send: Send, answer: Answer, headers: list[tuple[bytes, bytes]] | tuple[()]) -> None:
    body = dump(answer.body)
    start = {
        "type": "http.response.start",
        "status": answer.status,
        "headers": [
            (b"content-type", b"application/json"),
            (b"content-length", b"%d" % len(body)),
            *headers,
        ],
    }
    await send(cast("Any", start))
    await send(cast("Any", {"type": "http.response.body", "body": body, "more_body": False}))
