"""Calls to another server: signed, tried again, answered into fields, and never made to a private address."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.automations.flow import activate, check_counts, document, enter, settle, step, trails
from tests.make import Make
from waypost.automations.webhook_params import WebhookParams
from waypost.automations.webhooks import ATTEMPTS, claim_calls, make_call, tick
from waypost.contacts.actions.fields import create_field
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.net import http_client
from waypost.kernel.sql import sql
from waypost.kernel.work import SystemWork


@dataclass
class Receiver:
    """A small HTTP server that answers as told and remembers what it was sent."""

    answers: list[tuple[int, Any]] = field(default_factory=list[tuple[int, Any]])
    seen: list[tuple[dict[str, str], Any]] = field(default_factory=list[tuple[dict[str, str], Any]])
    lines: list[str] = field(default_factory=list[str])
    """The first line of each request."""
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await reader.readuntil(b"\r\n\r\n"):
            first, *lines = head.decode().split("\r\n")
            self.lines.append(first)
            headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines if line)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            self.seen.append((headers, body))
            status, answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            writer.write(f"HTTP/1.1 {status} X\r\nContent-Length: {len(content)}\r\n\r\n".encode() + content)
            await writer.drain()


@asynccontextmanager
async def receiving(*answers: tuple[int, Any]) -> AsyncIterator[Receiver]:
    receiver = Receiver(list(answers))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await receiver.serve(reader, writer)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    receiver.port = server.sockets[0].getsockname()[1]
    yield receiver
    server.close()


async def turns(db: Database, workspace_id: int, count: int = 1) -> None:
    """So many turns of the calls, each with everything that follows from it."""
    settings = replace(db.settings, allow_private_hosts=True)
    work = SystemWork(db, settings, db.registry, Files(settings))
    async with http_client(settings) as client:
        for _ in range(count):
            while await tick(work, client, workspace_id):
                pass
            await settle(db, workspace_id)
            await _later(db, workspace_id)


async def _later(db: Database, workspace_id: int) -> None:
    """As if the pause before the next attempt were over."""
    async with db.transaction(workspace_id) as tx:
        await tx.run(
            sql(
                "update automations.webhook_call set next_at = {now} - {little} where workspace_id = {workspace} and state = 0",
                little=timedelta(seconds=1),
            )
        )


def webhook(port: int, **params: Any) -> dict[str, Any]:
    arms = {"done": [step("yes", "end")], "failed": [step("no", "end")]}
    return step("h", "webhook", arms, url=f"http://127.0.0.1:{port}/hook", **params)


async def test_the_answer_fills_fields_and_the_run_goes_on(db: Database, workspace_id: int, make: Make) -> None:
    async with receiving((200, {"data": {"score": 7, "name": "Gold"}})) as receiver:
        async with db.transaction(workspace_id) as tx:
            score = (await create_field(tx, name="Score", type="number")).id
            level = (await create_field(tx, name="Level")).id
            mapping = [{"path": "data.score", "field_id": score}, {"path": "data.name", "field_id": level}]
            automation = await activate(tx, document(webhook(receiver.port, secret="s3cret", mapping=mapping)))
            people = [await make.contact(tx, f"{name}@example.com", first_name=name) for name in ("ada", "grace")]
            await enter(tx, automation.id, people)
        await settle(db, workspace_id)
        assert await trails(db, workspace_id, automation.id) == {"": 2}, "they rest until the answer is in"
        await turns(db, workspace_id)
        assert await trails(db, workspace_id, automation.id) == {"h:done,yes": 2}
    bodies = {json.loads(body)["contact"]["email"]: json.loads(body) for _, body in receiver.seen}
    assert bodies.keys() == {"ada@example.com", "grace@example.com"}
    assert bodies["ada@example.com"]["automation"] == {"id": automation.id, "name": "Welcome"}
    for headers, body in receiver.seen:
        at, mark = (part.partition("=")[2] for part in headers["waypost-signature"].split(","))
        assert mark == hmac.new(b"s3cret", at.encode() + b"." + body, hashlib.sha256).hexdigest()
    async with db.read(workspace_id) as read:
        rows = await read.all(sql("select fields from contacts.contact where workspace_id = {workspace}"))
    assert [row["fields"] for row in rows] == [{str(score): 7, str(level): "Gold"}] * 2
    await check_counts(db, workspace_id, automation.id)


async def test_a_server_in_trouble_is_asked_again(db: Database, workspace_id: int, make: Make) -> None:
    async with receiving((503, {}), (429, {}), (204, b"")) as receiver:
        async with db.transaction(workspace_id) as tx:
            automation = await activate(tx, document(webhook(receiver.port)))
            await enter(tx, automation.id, [await make.contact(tx)])
        await settle(db, workspace_id)
        await turns(db, workspace_id, 2)
        assert await trails(db, workspace_id, automation.id) == {"": 1}
        await turns(db, workspace_id)
        assert await trails(db, workspace_id, automation.id) == {"h:done,yes": 1}
    calls = {headers["waypost-call"] for headers, _ in receiver.seen}
    assert len(receiver.seen) == 3
    assert len(calls) == 1, "its receiver can tell that it is the same call"


@pytest.mark.parametrize(
    ("answer", "attempts"), [((404, {}), 1), ((500, {}), ATTEMPTS), ((200, b"<html>"), 1), ((200, {"n": "many"}), 1)]
)
async def test_a_call_is_given_up(
    db: Database, workspace_id: int, make: Make, answer: tuple[int, Any], attempts: int
) -> None:
    async with receiving(answer) as receiver:
        async with db.transaction(workspace_id) as tx:
            number = (await create_field(tx, name="Number", type="number")).id
            flow = document(webhook(receiver.port, mapping=[{"path": "n", "field_id": number}]))
            automation = await activate(tx, flow)
            await enter(tx, automation.id, [await make.contact(tx)])
        await settle(db, workspace_id)
        await turns(db, workspace_id, ATTEMPTS + 1)
    assert await trails(db, workspace_id, automation.id) == {"h:failed,no": 1}
    assert len(receiver.seen) == attempts


async def test_who_need_not_wait_goes_on_at_once(db: Database, workspace_id: int, make: Make) -> None:
    async with receiving((200, {})) as receiver:
        async with db.transaction(workspace_id) as tx:
            automation = await activate(tx, document(webhook(receiver.port, waits_for_answer=False)))
            await enter(tx, automation.id, [await make.contact(tx)])
        await settle(db, workspace_id)
        assert await trails(db, workspace_id, automation.id) == {"h:done,yes": 1}
        await turns(db, workspace_id)
    assert len(receiver.seen) == 1


async def test_no_call_reaches_a_private_address(db: Database, workspace_id: int, make: Make) -> None:
    async with receiving((200, {})) as receiver:
        async with db.transaction(workspace_id) as tx:
            automation = await activate(tx, document(webhook(receiver.port)))
            await enter(tx, automation.id, [await make.contact(tx)])
        await settle(db, workspace_id)
        work = SystemWork(db, db.settings, db.registry, Files(db.settings))
        async with http_client(db.settings) as client:
            await tick(work, client, workspace_id)
        await settle(db, workspace_id)
    assert receiver.seen == []
    assert await trails(db, workspace_id, automation.id) == {"h:failed,no": 1}


async def test_a_worker_that_dies_while_calling_leaves_the_call_to_another(
    db: Database, workspace_id: int, make: Make
) -> None:
    async with receiving((200, {})) as receiver:
        async with db.transaction(workspace_id) as tx:
            automation = await activate(tx, document(webhook(receiver.port)))
            await enter(tx, automation.id, [await make.contact(tx)])
        await settle(db, workspace_id)
        async with db.transaction(workspace_id) as tx:
            (call,) = await claim_calls(tx)
        async with httpx.AsyncClient() as client:
            assert (await make_call(client, call)).is_good
        async with db.transaction(workspace_id) as tx:
            assert await claim_calls(tx) == [], "the lease is held"
        await _later(db, workspace_id)
        await turns(db, workspace_id)
    assert await trails(db, workspace_id, automation.id) == {"h:done,yes": 1}
    assert {headers["waypost-call"] for headers, _ in receiver.seen} == {str(call.id)}


@pytest.mark.parametrize(
    "params",
    [
        {"url": "ftp://example.com"},
        {"url": "https://example.com", "headers": [{"name": "Host", "value": "x"}]},
        {"url": "https://example.com", "headers": [{"name": "X", "value": "a\r\nB: c"}]},
        {"url": "https://example.com", "waits_for_answer": False, "mapping": [{"path": "a", "field_id": 1}]},
    ],
)
def test_settings_that_make_no_sense_are_refused(params: dict[str, Any]) -> None:
    import msgspec

    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(params, WebhookParams)
