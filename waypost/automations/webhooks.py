"""Calls to other servers: an effect that claims, calls and settles.

    to be made (0) --claim (lease)--> called --2xx--> answered (1): fields are filled, the run goes on
        ^                                |--4xx, or an answer that does not fit--> given up (2): the run goes on
        +--5xx, 429, no answer: later----+          (too many attempts: given up)

A worker that dies while calling leaves the lease, after which another calls again, with the same id:
a call is made at least once, and its receiver can tell.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

import asyncpg
import httpx
import msgspec
import orjson

from waypost.activities.actions import record_copy
from waypost.automations.facts import WebhookAnswered, WebhookFailed
from waypost.automations.graph import AutomationDocument, walk
from waypost.automations.webhook_params import ANSWERED, GIVEN_UP, Mapped, WebhookParams
from waypost.contacts.actions.each_value import write_each
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Value
from waypost.contacts.values import normalise_value
from waypost.kernel.errors import Failure
from waypost.kernel.net import AddressRefused, http_client
from waypost.kernel.registry import Engine
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Actor, Tx
from waypost.kernel.work import SystemWork

BATCH = 50
AT_ONCE = 10
LEASE = timedelta(minutes=2)
ATTEMPTS = 7
FIRST_PAUSE = timedelta(seconds=20)
LONGEST_ANSWER = 1_000_000
MAX_ERROR = 300
LATER = frozenset({408, 409, 425, 429})


@dataclass(frozen=True, slots=True)
class Call:
    """One call that is to be made."""

    id: int
    enrollment_id: int
    automation_id: int
    step_id: str
    contact_id: int
    attempts: int
    params: WebhookParams
    body: dict[str, Any]


@dataclass(slots=True)
class Reply:
    """What came of a call; `status` 0 means that there was no answer."""

    status: int = 0
    error: str = ""
    is_final: bool = False
    content: Any = None
    values: dict[int, Value] = field(default_factory=dict[int, Value])

    @property
    def is_good(self) -> bool:
        return httpx.codes.is_success(self.status) and not self.error


async def claim_calls(tx: Tx, limit: int = BATCH) -> list[Call]:
    """Take calls whose time has come; they are ours for the length of the lease."""
    rows = await tx.all(
        sql(
            """
            with due as materialized (
                select c.id from automations.webhook_call as c
                where c.workspace_id = {workspace} and c.state = 0 and c.next_at <= {now}
                order by c.next_at, c.id limit {limit} for update skip locked
            )
            update automations.webhook_call as c set next_at = {now} + {lease}, attempts = c.attempts + 1
            from due, automations.automation_version as v, automations.automation as a, contacts.contact as p
            where c.workspace_id = {workspace} and c.id = due.id
              and v.workspace_id = {workspace} and v.id = c.version_id
              and a.workspace_id = {workspace} and a.id = c.automation_id
              and p.workspace_id = {workspace} and p.id = c.contact_id
            returning c.id, c.enrollment_id, c.automation_id, c.step_id, c.contact_id, c.attempts, c.version_id,
                      v.document, a.name as automation_name, p.email, p.first_name, p.last_name, p.phone, p.fields
            """,
            limit=limit,
            lease=LEASE,
        )
    )
    steps: dict[tuple[int, str], WebhookParams] = {}
    for row in rows:
        place = (row["version_id"], row["step_id"])
        if place not in steps:
            steps[place] = _params(row["document"], row["step_id"])
    keys = {str(item.id): item.key for item in await list_fields(tx)} if rows else {}
    return [_call(row, steps[row["version_id"], row["step_id"]], keys) for row in rows]


def _params(document: object, step_id: str) -> WebhookParams:
    steps = walk(msgspec.convert(document, AutomationDocument).steps)
    return msgspec.convert(next(step.params for step, _ in steps if step.id == step_id), WebhookParams)


def _call(row: asyncpg.Record, params: WebhookParams, keys: Mapping[str, str]) -> Call:
    contact = {name: row[name] for name in ("email", "first_name", "last_name", "phone")}
    values = {keys[key]: value for key, value in row["fields"].items() if key in keys}
    body = {
        "id": row["id"],
        "automation": {"id": row["automation_id"], "name": row["automation_name"]},
        "step_id": row["step_id"],
        "contact": {"id": row["contact_id"], **contact, "fields": values},
    }
    names = ("id", "enrollment_id", "automation_id", "step_id", "contact_id", "attempts")
    return Call(**{name: row[name] for name in names}, params=params, body=body)


def signature(secret: str, body: bytes, at: int) -> str:
    """What a receiver compares: the time, and the HMAC-SHA256 of time and body."""
    mark = hmac.new(secret.encode(), f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={mark}"


async def make_call(client: httpx.AsyncClient, call: Call) -> Reply:
    """One attempt; never raises."""
    params = call.params
    body = b"" if params.method == "GET" else orjson.dumps(call.body)
    headers = {header.name: header.value for header in params.headers}
    headers |= {"Content-Type": "application/json", "Waypost-Call": str(call.id)}
    if params.secret:
        headers["Waypost-Signature"] = signature(params.secret, body, int(time.time()))
    try:
        async with client.stream(params.method, params.url, content=body, headers=headers) as answer:
            content = b""
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > LONGEST_ANSWER:
                    return Reply(answer.status_code, "The answer is too long.", is_final=True)
    except AddressRefused as refused:
        return Reply(0, str(refused), is_final=True)
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return Reply(0, f"{type(error).__name__}: {error}"[:MAX_ERROR])
    if not answer.is_success:
        is_final = answer.status_code < 500 and answer.status_code not in LATER
        return Reply(answer.status_code, f"The server answered {answer.status_code}.", is_final=is_final)
    return _parsed(answer.status_code, content, params.mapping)


def _parsed(status: int, content: bytes, mapping: Sequence[Mapped]) -> Reply:
    if not mapping:
        return Reply(status)
    try:
        return Reply(status, content=orjson.loads(content))
    except orjson.JSONDecodeError:
        return Reply(status, "The answer is not JSON.", is_final=True)


def part_of(content: object, path: str) -> object:
    """The part at `data.items.0.name`; None where there is none."""
    for name in path.split("."):
        if isinstance(content, dict):
            content = cast("dict[str, object]", content).get(name)
        elif isinstance(content, list) and name.isdecimal() and int(name) < len(cast("list[object]", content)):
            content = cast("list[object]", content)[int(name)]
        else:
            return None
    return content


async def settle_calls(tx: Tx, replies: Sequence[tuple[Call, Reply]]) -> None:
    """Write what came of the calls: states, fields, facts; and let go on whose call is over."""
    await _fill_fields(tx, replies)
    facts: list[tuple[int, WebhookAnswered | WebhookFailed]] = []
    rows: list[tuple[int, int, int, str | None, timedelta | None]] = []
    for call, reply in replies:
        if reply.is_good:
            facts.append((call.contact_id, WebhookAnswered(call.automation_id, call.step_id, reply.status)))
            rows.append((call.id, ANSWERED, reply.status, None, None))
        elif reply.is_final or call.attempts >= ATTEMPTS:
            facts.append((call.contact_id, WebhookFailed(call.automation_id, call.step_id, reply.error)))
            rows.append((call.id, GIVEN_UP, reply.status, reply.error, None))
        else:
            rows.append((call.id, 0, reply.status, reply.error, FIRST_PAUSE * 4 ** (call.attempts - 1)))
    await record_copy(tx, facts)
    ids, states, statuses, errors, pauses = zip(*rows, strict=True)
    await tx.run(
        sql(
            """
            with settled as (
                update automations.webhook_call as c
                set state = given.state, status = given.status, error = given.error,
                    next_at = case when given.state = 0 then {now} + given.pause end,
                    finished_at = case when given.state <> 0 then {now} end
                from unnest({ids}::bigint[], {states}::smallint[], {statuses}::smallint[], {errors}::text[],
                            {pauses}::interval[]) as given (id, state, status, error, pause)
                where c.workspace_id = {workspace} and c.id = given.id and c.state = 0
                returning c.enrollment_id, c.step_id, c.state, c.is_used
            )
            update automations.enrollment as e set due_at = {now}, is_served = false
            from settled
            where e.workspace_id = {workspace} and e.id = settled.enrollment_id and e.step_id = settled.step_id
              and e.state = 0 and settled.state <> 0 and not settled.is_used
            """,
            ids=list(ids),
            states=list(states),
            statuses=list(statuses),
            errors=list(errors),
            pauses=list(pauses),
        )
    )
    tx.wake("automations")


async def _fill_fields(tx: Tx, replies: Sequence[tuple[Call, Reply]]) -> None:
    """Put the mapped parts into fields; a value that does not fit makes the call a failed one."""
    fields = {item.id: item for item in await list_fields(tx)}
    values: dict[int, dict[int, Value]] = {}
    for call, reply in replies:
        if not reply.is_good:
            continue
        try:
            found = {
                item.field_id: normalise_value(fields[item.field_id], part_of(reply.content, item.path))
                for item in call.params.mapping
                if item.field_id in fields
            }
        except Failure as failure:
            reply.error, reply.is_final = str(failure)[:MAX_ERROR], True
            continue
        for field_id, value in found.items():
            values.setdefault(field_id, {})[call.contact_id] = value
    for field_id, given in values.items():
        await write_each(tx, field_id, given)  # lint: no-row-loops because a turn is a field, for everyone


async def tick(work: SystemWork, client: httpx.AsyncClient, workspace_id: int) -> bool:
    """One batch of calls; True when there may be more."""
    async with work.db.transaction(workspace_id) as tx:
        calls = await claim_calls(tx)
    if not calls:
        return False
    gate = asyncio.Semaphore(AT_ONCE)

    async def attempt(call: Call) -> tuple[Call, Reply]:
        async with gate:
            return call, await make_call(client, call)

    replies = await asyncio.gather(*(attempt(call) for call in calls))
    async with work.db.transaction(workspace_id, actor=Actor("automation")) as tx:
        await settle_calls(tx, replies)
    return True


def due() -> Sql:
    """The workspaces with calls to be made."""
    return sql("select distinct workspace_id from automations.webhook_call where state = 0 and next_at <= {now}")


@asynccontextmanager
async def open_webhooks(work: SystemWork) -> AsyncGenerator[Callable[[int], Awaitable[bool]]]:
    """For as long as the worker lives, with connections kept open."""
    async with http_client(work.settings) as client:

        async def turn(workspace_id: int) -> bool:
            return await tick(work, client, workspace_id)

        yield turn


WEBHOOKS = Engine(name="automations.webhooks", channel="webhooks", due=due, open=open_webhooks)
