"""Test runs go as the real engine goes, and leave nothing behind."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest

from tests.automations.flow import Json, document, enter, has_tag, on_tag, settle_at, step
from tests.automations.model_cases import Author, Deed, Things, deeds, moments
from tests.automations.test_model import START, do_deed, facts_of, make_things, runs_of, sound_document
from tests.make import Client, Make
from waypost.automations import actions
from waypost.automations.simulate import simulate
from waypost.automations.simulate_types import Simulation
from waypost.kernel.db import Database
from waypost.kernel.sql import sql

URL = "/api/v1/automations/simulations"
CHANCE = {"split", "split_paths", "split_test", "assign_owner"}
VERBS = {"add_tag", "remove_tag", "subscribe", "unsubscribe", "set_field"}


async def rows_of_every_table(db: Database, workspace_id: int) -> dict[str, int]:
    """How many rows every table has."""
    async with db.read(workspace_id) as read:
        tables = await read.all(
            sql(
                "select format('%I.%I', schemaname, tablename) as name from pg_tables "
                "where schemaname not in ('pg_catalog', 'information_schema') order by 1"
            )
        )
        return {row["name"]: await read.conn.fetchval(f"select count(*) from {row['name']}") for row in tables}


def _types(steps: list[Json]) -> set[str]:
    return {item["type"] for item in steps} | {
        name for item in steps for arm in item["arms"].values() for name in _types(arm)
    }


async def test_a_run_is_stepped_through_and_leaves_nothing(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        vip, seen = await make.tag(tx), await make.tag(tx)
    before = await rows_of_every_table(db, client.workspace_id)
    graph = document(
        step("s1", "wait", amount=3, unit="days"),
        step("s2", "if_else", condition=has_tag(vip), arms={"yes": [step("s3", "add_tag", tag_id=seen)], "no": []}),
        step("s4", "wait_until", condition=has_tag(seen)),
    )
    asked: Json = {"document": graph, "contact": {"first_name": "Ada"}, "starts_at": "2026-11-20T07:00:00Z"}
    first = (await client.post(URL, json=asked)).json()
    assert (first["state"], first["step_id"], first["due_at"]) == ("due", "s1", "2026-11-23T07:00:00Z")

    asked["events"] = [{"type": "next"}]
    then = (await client.post(URL, json=asked)).json()
    assert (then["state"], then["step_id"], then["trail"]) == ("waiting", "s4", ["s1", "s2:no"])
    assert (then["visits"][1]["conditions"][0]["holds"], then["waits_for"]["holds"]) == (False, False)

    asked["events"] = [{"type": "add_tag", "id": vip}, {"type": "advance", "seconds": 4 * 86_400}]
    other = (await client.post(URL, json=asked)).json()
    assert (other["state"], other["trail"]) == ("completed", ["s1", "s2:yes", "s3", "s4:met"])
    assert [item["name"] for item in other["facts"]].count("tag_added") == 2
    assert (await client.post(URL, json=asked)).json() == other
    assert await rows_of_every_table(db, client.workspace_id) == before


async def test_a_trigger_lets_in_and_a_way_is_chosen(client: Client, db: Database, make: Make) -> None:
    async with db.transaction(client.workspace_id) as tx:
        tag = await make.tag(tx)
    split = step("s1", "split", percent=50, arms={"a": [], "b": [step("s2", "wait", amount=1, unit="days")]})
    asked: Json = {"document": document(split, triggers=[on_tag(tag)]), "enters": "by_trigger", "choices": {"s1": "b"}}
    assert (await client.post(URL, json=asked)).json()["state"] == "outside"
    asked["events"] = [{"type": "add_tag", "id": tag}]
    inside = (await client.post(URL, json=asked)).json()
    assert (inside["trigger_id"], inside["step_id"], inside["trail"]) == ("t1", "s2", ["s1:b"])


@pytest.mark.parametrize(
    ("change", "status", "pointer"),
    [
        ({"document": {"version": 1, "triggers": [], "steps": [step("s1", "nonsense")]}}, 422, "/steps/s1/type"),
        ({"choices": {"s9": "a"}}, 422, "/choices/s9"),
        ({"events": [{"type": "add_tag"}]}, 422, "/events/0/id"),
        ({"events": [{"type": "advance"}]}, 422, "/events/0/seconds"),
        ({"events": [{"type": "fact", "fact": "sun_rises"}]}, 422, "/events/0/fact"),
        ({"contact": {"fields": {"colour": 1}}}, 422, "/contact/fields/colour"),
        ({"contact_id": 987_654_321}, 404, None),
    ],
)
async def test_what_cannot_be_run_is_refused_with_its_place(
    client: Client, change: Json, status: int, pointer: str | None
) -> None:
    asked = {"document": document(step("s1", "wait", amount=1, unit="days")), **change}
    answer = await client.post(URL, json=asked)
    assert answer.status_code in (status, 400), answer.text
    if pointer is not None:
        assert pointer in answer.text


@pytest.mark.parametrize("seed", range(1, 7))
async def test_a_test_run_goes_as_the_engine_goes(db: Database, workspace_id: int, make: Make, seed: int) -> None:
    random = Random(seed)
    async with db.transaction(workspace_id, now=START) as tx:
        things = await make_things(tx, make)
        author = Author(random, things)
        graph = await sound_document(tx, author)
        while _types(graph["steps"]) & CHANCE:
            graph = await sound_document(tx, author)
        (ada,) = await make.contacts(tx, 1)
    happening = _happening(random, things)
    asked: Json = {"document": graph, "contact_id": ada, "starts_at": START.isoformat(), "events": _events(happening)}
    async with db.transaction(workspace_id) as tx:
        trace = await simulate(tx, msgspec.convert(asked, Simulation))

    async with db.transaction(workspace_id, now=START) as tx:
        known = (await facts_of(db, workspace_id))[ada]
        made = await actions.create_automation(tx, name="Real", document=graph)
        await actions.activate_automation(tx, made.id)
        await enter(tx, made.id, [ada])
    await settle_at(db, workspace_id, START)
    for now, deed in happening:
        await _pass(db, workspace_id, ada, now)
        async with db.transaction(workspace_id, now=now) as tx:
            await do_deed(tx, deed, [ada])
        await settle_at(db, workspace_id, now)
    runs = [item for item in (await runs_of(db, workspace_id))[ada] if item[0] == made.id]
    if not runs:
        assert (trace.state, trace.visits) == ("outside", [])
        return
    _, trigger_id, state, step_id, due_at, trail = runs[-1]
    assert (trace.trigger_id, trace.state, trace.step_id, trace.due_at) == (trigger_id, state, step_id, due_at), graph
    assert ",".join(trace.trail) == ",".join(item[5] for item in runs if item[5]), (graph, trail)
    facts = (await facts_of(db, workspace_id))[ada] - known
    assert sorted(item.name for item in trace.facts) == sorted(name for name, _ in facts.elements())


def _happening(random: Random, things: Things) -> list[tuple[datetime, Deed]]:
    found: list[tuple[datetime, Deed]] = []
    for now in moments(random, START, 8):
        deed = next((item for item in deeds(random, things) if item[0] in VERBS), None)
        if deed is not None:
            found.append((now, deed))
    return found


def _events(happening: list[tuple[datetime, Deed]]) -> list[Json]:
    events: list[Json] = []
    now = START
    for moment, (verb, subject, value) in happening:
        if moment > now:
            events.append({"type": "advance", "seconds": int((moment - now) / timedelta(seconds=1))})
        now = moment
        event: dict[str, Any] = {"type": verb, "id": subject}
        events.append({**event, "value": value} if verb == "set_field" else event)
    return events


async def _pass(db: Database, workspace_id: int, contact_id: int, until: datetime) -> None:
    """The real engine's clock stops wherever something falls due."""
    while True:
        async with db.read(workspace_id) as read:
            due = await read.value(
                sql(
                    "select min(due_at) from automations.enrollment where workspace_id = {workspace} "
                    "and contact_id = {contact_id} and state in (0, 1)",
                    contact_id=contact_id,
                )
            )
        if due is None or due > until:
            break
        await settle_at(db, workspace_id, due)
    await settle_at(db, workspace_id, until)
