"""Random automations on random facts and clock moves: the engine and the plain model come to the same.

A case is one contact in one automation. Every round has a workspace of its own, with automations that
start, end and trigger each other. Set WAYPOST_MODEL_ROUNDS for more, WAYPOST_MODEL_SEED for others.
"""

from __future__ import annotations

import os
from collections import Counter, defaultdict
from datetime import UTC, datetime
from random import Random
from typing import Any

import msgspec
import pytest

from tests.automations.flow import Json, check_counts, document, settle_at, step
from tests.automations.model import Flow, World
from tests.automations.model_cases import DATES, Author, Deed, Things, deeds, moments
from tests.automations.model_person import Person
from tests.automations.test_step_conformance import a_user
from tests.make import Make
from waypost.automations import actions, enroll
from waypost.automations.graph import AutomationDocument
from waypost.automations.types import State
from waypost.automations.validate import validate_document
from waypost.contacts.actions.fields import create_field, set_field
from waypost.contacts.actions.subscriptions import create_list, subscribe, unsubscribe
from waypost.contacts.actions.tags import add_tag, remove_tag
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

ROUNDS = int(os.environ.get("WAYPOST_MODEL_ROUNDS", "8"))
SEED = int(os.environ.get("WAYPOST_MODEL_SEED", "1"))
AUTOMATIONS = 12
CONTACTS = 40
MOMENTS = 10
START = datetime(2026, 11, 20, 7, 0, tzinfo=UTC)


@pytest.mark.parametrize("seed", range(SEED, SEED + ROUNDS))
async def test_the_engine_does_what_the_model_says(db: Database, workspace_id: int, make: Make, seed: int) -> None:
    random = Random(seed)
    async with db.transaction(workspace_id, now=START) as tx:
        things = await make_things(tx, make)
        author = Author(random, things)
        documents = {automation_id: await sound_document(tx, author) for automation_id in things.automations}
        for automation_id, content in documents.items():
            await actions.update_automation(tx, automation_id, document=content)
            await actions.activate_automation(tx, automation_id)
        contact_ids = await make.contacts(tx, CONTACTS)
        users = list(things.users)
    world = World([Flow(automation_id, content) for automation_id, content in documents.items()], users, {things.date})
    people = {contact_id: Person(contact_id) for contact_id in contact_ids}
    for now in moments(random, START, MOMENTS):
        for deed in deeds(random, things):
            who = [contact_id for contact_id in contact_ids if random.random() < 0.3]
            async with db.transaction(workspace_id, now=now) as tx:
                await do_deed(tx, deed, who)
            for contact_id in who:
                people[contact_id].now = now
                _tell(people[contact_id], deed, world)
        await settle_at(db, workspace_id, now)
        for person in people.values():
            person.now = now
            world.settle(person)
        await _compare(db, workspace_id, people, f"seed {seed}, {now}", documents)
    for automation_id in things.automations:
        await check_counts(db, workspace_id, automation_id)


async def sound_document(tx: Tx, author: Author) -> Json:
    """A document that may be published."""
    while True:
        content = author.document()
        if not await validate_document(tx, msgspec.convert(content, AutomationDocument)):
            return content


async def make_things(tx: Tx, make: Make) -> Things:
    blank = document(step("end", "end"))
    return Things(
        tags=[await make.tag(tx) for _ in range(4)],
        lists=[(await create_list(tx, name=name)).id for name in ("News", "Offers")],
        users=[await a_user(tx), await a_user(tx, "second")],
        text=(await create_field(tx, name="Colour")).id,
        number=(await create_field(tx, name="Points", type="number")).id,
        date=(await create_field(tx, name="Birthday", type="date")).id,
        automations=[
            (await actions.create_automation(tx, name=f"A{number}", document=blank)).id for number in range(AUTOMATIONS)
        ],
    )


async def do_deed(tx: Tx, deed: Deed, who: list[int]) -> None:
    """The deed, to everyone, through the house's own actions."""
    verb, subject, value = deed
    given = sql("select unnest({ids}::bigint[]) as contact_id", ids=who)
    match verb:
        case "add_tag":
            await add_tag(tx, subject, these(who))
        case "remove_tag":
            await remove_tag(tx, subject, these(who))
        case "set_field":
            await set_field(tx, subject, value, these(who))
        case "subscribe":
            await subscribe(tx, subject, these(who))
        case "unsubscribe":
            await unsubscribe(tx, subject, these(who))
        case "enter":
            await enroll.enroll_contacts(tx, subject, given)
        case "remove":
            await actions.remove_contacts(tx, subject, given)
        case other:
            raise AssertionError(other)


def _tell(person: Person, deed: Deed, world: World) -> None:
    """The same deed, to the model's contact."""
    verb, subject, value = deed
    match verb:
        case "set_field":
            person.set_field(subject, value)
        case "subscribe":
            person.subscribe(subject, is_forced=True)
        case "enter":
            person.enter(world.flows[subject], "manual")
        case "remove":
            run = person.live(subject)
            if run is not None:
                person.leave(run)
        case _:
            getattr(person, verb)(subject)


async def _compare(
    db: Database, workspace_id: int, people: dict[int, Person], where: str, documents: dict[int, Json]
) -> None:
    runs, facts = await runs_of(db, workspace_id), await facts_of(db, workspace_id)
    for person in people.values():
        wanted = Counter(run.outcome() for run in person.runs)
        got = Counter(runs[person.id])
        if got != wanted:
            flows = {item[0] for item in (got - wanted) + (wanted - got)}
            shown = {flow: documents[flow] for flow in flows}
            raise AssertionError(
                f"{where}, contact {person.id}\nengine {list((got - wanted).elements())}\n"
                f"model  {list((wanted - got).elements())}\nfacts {dict(facts[person.id])}\n{shown}"
            )
        assert facts[person.id] == person.facts, (where, person.id, facts[person.id] - person.facts, person.facts)
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select c.id, c.fields, c.owner_id, (select coalesce(array_agg(t.tag_id), '{{}}')
                    from contacts.contact_tag as t where t.workspace_id = {workspace} and t.contact_id = c.id) as tags
                from contacts.contact as c where c.workspace_id = {workspace}
                """
            )
        )
    for row in rows:
        person = people[row["id"]]
        held = {int(key): value for key, value in row["fields"].items()}
        assert (held, row["owner_id"], set(row["tags"])) == (person.fields, person.owner, person.tags), where


async def runs_of(db: Database, workspace_id: int) -> dict[int, list[tuple[Any, ...]]]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select e.contact_id, e.automation_id, e.trigger_id, e.state, e.step_id, e.due_at,
                       coalesce((select string_agg(p.trail, ',' order by p.id) from automations.path as p
                                 where p.workspace_id = {workspace} and p.enrollment_id = e.id), '') as trail
                from automations.enrollment as e where e.workspace_id = {workspace}
                """
            )
        )
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        state = State(row["state"])
        due_at = row["due_at"] if state in (State.DUE, State.WAITING) else None
        found[row["contact_id"]].append(
            (row["automation_id"], row["trigger_id"], state.name.lower(), row["step_id"], due_at, row["trail"])
        )
    return found


async def facts_of(db: Database, workspace_id: int) -> dict[int, Counter[tuple[str, int | None]]]:
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select contact_id, kind, object_id, count(*) as n from activities.fact
                where workspace_id = {workspace} group by 1, 2, 3
                """
            )
        )
    found: dict[int, Counter[tuple[str, int | None]]] = defaultdict(Counter)
    for row in rows:
        fact = db.registry.fact_kinds[row["kind"]]
        object_id = None if fact.name == "note_added" else row["object_id"]
        found[row["contact_id"]][fact.name, object_id] += row["n"]
    return found


def test_the_dates_have_a_leap_day_and_a_year_end() -> None:
    assert {"2024-02-29", "1990-12-31"} <= set(DATES)
