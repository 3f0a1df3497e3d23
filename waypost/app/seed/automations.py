"""Three sample automations; contacts have gone through the first for three weeks, by the real engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from waypost.automations.actions import activate_automation, create_automation, pause_automation
from waypost.automations.advance import Advancer, claim
from waypost.automations.enroll import enroll_contacts
from waypost.kernel.db import Database
from waypost.kernel.registry import Registry
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Actor, Tx

DAYS = 21
PER_DAY = 6
USER = Actor("system")
Json = dict[str, Any]


async def seed_automations(db: Database, registry: Registry, workspace_id: int) -> None:
    """Needs the sample contacts and messages; what they lack is left out of the documents."""
    start = datetime.now(UTC) - timedelta(days=DAYS)
    async with db.transaction(workspace_id, actor=USER, now=start) as tx:
        words = await _words(tx)
        welcome = await create_automation(tx, name="Welcome new subscribers", document=_welcome(registry, words))
        await activate_automation(tx, welcome.id)
        winback = await create_automation(tx, name="Win back quiet customers", document=_winback(registry, words))
        await activate_automation(tx, winback.id)
        await create_automation(tx, name="Thank our best customers", document=_thanks(registry, words))
        people = [
            row["id"]
            for row in await tx.all(
                sql(
                    """
                    select id from contacts.contact
                    where workspace_id = {workspace} and deleted_at is null and email is not null
                    order by id limit {count}
                    """,
                    count=DAYS * PER_DAY,
                )
            )
        ]
    engine = Advancer(db)
    for day in range(DAYS):
        now = start + timedelta(days=day, hours=1, minutes=7 * day)
        entering = people[day * PER_DAY : (day + 1) * PER_DAY]
        # lint: no-row-loops because a turn is a day
        await _live_a_day(db, engine, workspace_id, now, {welcome.id: entering, winback.id: entering[: day % 3]})
    async with db.transaction(workspace_id, actor=USER) as tx:
        await pause_automation(tx, winback.id)


async def _live_a_day(
    db: Database, engine: Advancer, workspace_id: int, now: datetime, entering: dict[int, list[int]]
) -> None:
    """Let some in, then move everyone who is due at that time."""
    async with db.transaction(workspace_id, actor=USER, now=now) as tx:
        for automation_id, contact_ids in entering.items():
            # lint: no-row-loops because a turn is an automation
            await enroll_contacts(tx, automation_id, _these(contact_ids))
    moved = True
    while moved:
        async with db.transaction(workspace_id, now=now) as tx:
            rows = await claim(tx, limit=1_000)
            if moved := bool(rows):
                await engine.move(tx, rows, {})


def _these(contact_ids: list[int]) -> Sql:
    return sql("select unnest({ids}::bigint[]) as contact_id", ids=contact_ids)


async def _words(tx: Tx) -> dict[str, list[int]]:
    """The ids of the workspace's tags, lists and messages, in the order they were made."""
    rows = await tx.all(
        sql(
            """
            select 'tag' as kind, id from contacts.tag where workspace_id = {workspace}
            union all select 'list', id from contacts.list where workspace_id = {workspace}
            union all select 'message', id from messages.message where workspace_id = {workspace}
            order by kind, id
            """
        )
    )
    words: dict[str, list[int]] = {"tag": [], "list": [], "message": []}
    for row in rows:
        words[row["kind"]].append(row["id"])
    return words


def _step(step_id: str, kind: str, arms: dict[str, list[Json]] | None = None, **params: object) -> Json:
    return {"id": step_id, "type": kind, "params": params, "arms": arms or {}}


def _possible(registry: Registry, steps: list[Json]) -> list[Json]:
    """Leave out steps that name what the sample data lacks."""
    kept = [item for item in steps if item["type"] in registry.steps and None not in item["params"].values()]
    for item in kept:
        item["arms"] = {name: _possible(registry, arm) for name, arm in item["arms"].items()}
    return kept


def _nth(words: dict[str, list[int]], kind: str, number: int) -> int | None:
    found = words[kind]
    return found[number % len(found)] if found else None


def _trigger(kind: str, name: str, object_id: int | None, runs: str) -> Json:
    return {"id": "t1", "type": kind, "params": {name: object_id}, "runs": runs}


def _welcome(registry: Registry, words: dict[str, list[int]]) -> Json:
    first, second, third = (_nth(words, "message", number) for number in range(3))
    engaged = _nth(words, "tag", 0)
    known: list[Json] = [
        {"type": "opened_message", "params": {"message_id": first}},
        {"type": "has_tag", "params": {"tag_id": engaged}},
    ]
    # Nobody has opened anything yet in the sample; those who have the tag already go on at once.
    opened = {
        "match": "any",
        "conditions": [
            item for item in known if item["type"] in registry.conditions and None not in item["params"].values()
        ],
    }
    steps = [
        _step("welcome", "send_email", message_id=first),
        _step("pause", "wait", amount=1, unit="days"),
        _step(
            "opened",
            "wait_until",
            {
                "met": [_step("engaged", "add_tag", tag_id=engaged)],
                "timed_out": [_step("remind", "send_email", message_id=second)],
            },
            condition=opened,
            timeout_amount=3,
            timeout_unit="days",
        ),
        _step(
            "offer",
            "split",
            {
                "a": [_step("story", "send_email", message_id=third)],
                "b": [_step("quiet", "wait", amount=2, unit="days")],
            },
            percent=50,
        ),
        _step("week", "wait", amount=1, unit="weeks"),
        _step("subscribe", "add_to_list", list_id=_nth(words, "list", 1)),
        _step("done", "end"),
    ]
    trigger = _trigger("list_subscribed", "list_id", _nth(words, "list", 0), "once")
    return {"version": 1, "triggers": [trigger], "steps": _possible(registry, steps)}


def _winback(registry: Registry, words: dict[str, list[int]]) -> Json:
    quiet, back = _nth(words, "tag", 1), _nth(words, "tag", 2)
    steps = [
        _step("rest", "wait", amount=2, unit="days"),
        _step(
            "already",
            "if_else",
            {
                "yes": [_step("leave", "end")],
                "no": [_step("miss", "send_email", message_id=_nth(words, "message", 1))],
            },
            condition={"match": "all", "conditions": [{"type": "has_tag", "params": {"tag_id": back}}]},
        ),
        _step("patience", "wait", amount=2, unit="weeks"),
        _step("forget", "remove_tag", tag_id=quiet),
    ]
    trigger = _trigger("tag_added", "tag_id", quiet, "multiple")
    return {"version": 1, "triggers": [trigger], "steps": _possible(registry, steps)}


def _thanks(registry: Registry, words: dict[str, list[int]]) -> Json:
    steps = [
        _step("thanks", "send_email", message_id=_nth(words, "message", 0)),
        _step("rest", "wait", amount=3, unit="days"),
        _step("mark", "add_tag", tag_id=_nth(words, "tag", 0)),
    ]
    trigger = _trigger("tag_added", "tag_id", _nth(words, "tag", 3), "once")
    return {"version": 1, "triggers": [trigger], "steps": _possible(registry, steps)}
