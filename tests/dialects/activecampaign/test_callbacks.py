"""Bulk imports tell the server their caller names that they are done."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from tests.automations.test_webhooks import Receiver, receiving
from tests.dialects.activecampaign.conftest import V3
from waypost.dialects.activecampaign.jobs import TellOfBatch, Unreached
from waypost.kernel.db import Database
from waypost.kernel.files import Files
from waypost.kernel.jobs.queue import Envelope
from waypost.kernel.sql import sql
from waypost.kernel.work import Work

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def left(v3: V3, db: Database, callback: dict[str, Any]) -> tuple[str, TellOfBatch]:
    """The import's id, and the job it has left for afterwards."""
    body = {"contacts": [{"email": "ann@example.com"}, {"email": "nonsense"}], "callback": callback}
    batch_id = (await v3.post("/import/bulk_import", body, status=200))["batchId"]
    async with db.read(0) as read:
        rows = await read.all(
            sql("select payload from pgqueuer where entrypoint = {name} order by id", name=TellOfBatch.name)
        )
    envelopes = [msgspec.json.decode(row["payload"], type=Envelope) for row in rows]
    (own,) = [
        msgspec.json.decode(one.job, type=TellOfBatch) for one in envelopes if one.workspace_id == v3.workspace_id
    ]
    return batch_id, own


def work(db: Database, workspace_id: int, *, may_reach_us: bool = True) -> Work:
    settings = replace(db.settings, allow_private_hosts=may_reach_us)
    return Work(db, settings, db.registry, Files(settings), workspace_id=workspace_id)


def address(receiver: Receiver) -> str:
    return f"http://127.0.0.1:{receiver.port}/done?mine=1"


async def test_the_other_server_hears_who_came_in(v3: V3, db: Database) -> None:
    async with receiving((500, {}), (200, {})) as receiver:
        callback = {
            "url": address(receiver), "params": [{"key": "run", "value": "7"}],
            "headers": [{"key": "X-Secret", "value": "s3cret"}, {"key": "Host", "value": "elsewhere"}],
        }  # fmt: skip
        batch_id, job = await left(v3, db, callback)
        with pytest.raises(Unreached):
            await job.run(work(db, v3.workspace_id))
        await job.run(work(db, v3.workspace_id))
    headers, body = receiver.seen[-1]
    contact_id = (await v3.get("/contacts?email=ann@example.com"))["contacts"][0]["id"]
    assert json.loads(body) == {
        "run": "7", "batchId": batch_id, "status": "completed", "success": [contact_id], "failure": ["nonsense"],
    }  # fmt: skip
    assert (headers["x-secret"], headers["host"]) == ("s3cret", f"127.0.0.1:{receiver.port}")


async def test_get_says_it_in_the_address_and_private_addresses_are_not_called(v3: V3, db: Database) -> None:
    async with receiving((200, {})) as receiver:
        callback = {"url": address(receiver), "requestType": "GET", "detailed_results": "false"}
        batch_id, job = await left(v3, db, callback)
        await job.run(work(db, v3.workspace_id, may_reach_us=False))
        assert receiver.seen == []
        await job.run(work(db, v3.workspace_id))
    assert (len(receiver.seen), receiver.seen[0][1]) == (1, b"")
    assert receiver.lines == [f"GET /done?mine=1&batchId={batch_id}&status=completed HTTP/1.1"]


@pytest.mark.parametrize(
    "callback",
    [
        {"url": "ftp://example.com"},
        {"url": "https://"},
        {"url": "http://["},
        {"url": "https://example.com", "requestType": "DELETE"},
        {"url": "https://example.com", "headers": [{"key": "X-A", "value": "a\r\nB: c"}]},
        {"url": "https://example.com", "headers": [{"key": "no good", "value": "a"}]},
        {"url": "https://example.com", "params": [{"value": "a"}]},
    ],
)
async def test_a_callback_that_cannot_be_made_adds_nobody(v3: V3, callback: dict[str, Any]) -> None:
    body = {"contacts": [{"email": "ann@example.com"}], "callback": callback}
    status, answer = await v3.call("POST", "/import/bulk_import", body)
    assert (status, answer["success"], len(answer["failureReasons"])) == (400, 0, 1)
    assert "callback." in answer["failureReasons"][0]["failureReason"]
    assert (await v3.get("/contacts"))["meta"]["total"] == "0"
