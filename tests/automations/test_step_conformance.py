"""What every step and every condition must be, whoever contributes it.

A new word needs one line in the examples below; everything else is checked from here: a step that
runs again changes nothing more, neither touches another workspace, and the number of statements does
not grow with the number of contacts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.automations.flow import activate, document, enter, step
from tests.make import Make
from waypost.app.domains import build_registry
from waypost.automations.actions import create_automation
from waypost.automations.advance import Advancer, claim
from waypost.contacts.actions.companies import create_company
from waypost.deals.actions.pipelines import create_pipeline
from waypost.kernel.db import Database
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.scores.actions import create_score
from waypost.segments.queries import build_predicate, matching

REGISTRY = build_registry()
EVERYONE: dict[str, Any] = {"match": "all", "conditions": []}
MAX_STATEMENTS = 40

Things = dict[str, int]

STEPS: dict[str, Callable[[Things], dict[str, Any]]] = {
    "add_tag": lambda has: {"tag_id": has["tag"]},
    "remove_tag": lambda has: {"tag_id": has["tag"]},
    "add_to_list": lambda has: {"list_id": has["list"]},
    "remove_from_list": lambda has: {"list_id": has["list"]},
    "update_field": lambda has: {"field_id": has["field"], "value": "blue"},
    "send_email": lambda has: {"message_id": has["message"]},
    "notify_team": lambda has: {"message_id": has["message"], "user_ids": [has["user"]], "emails": ["ops@example.com"]},
    "wait": lambda _: {"amount": 0, "unit": "days"},
    "wait_until": lambda has: {"condition": {"type": "has_tag", "params": {"tag_id": has["tag"]}}},
    "if_else": lambda has: {"condition": {"type": "has_tag", "params": {"tag_id": has["tag"]}}},
    "split": lambda _: {"percent": 50},
    "goal": lambda has: {"name": "Tagged", "condition": {"type": "has_tag", "params": {"tag_id": has["tag"]}}},
    "wait_for_time": lambda _: {"from_time": "00:00", "to_time": "23:59"},
    "wait_for_date": lambda has: {"field_id": has["date"], "is_yearly": True},
    "branch": lambda has: {"paths": [{"id": "p1", "condition": {"type": "has_tag", "params": {"tag_id": has["tag"]}}}]},
    "split_paths": lambda _: {"paths": [{"id": "a"}, {"id": "b"}, {"id": "c", "is_holdout": True}]},
    "split_test": lambda has: {
        "paths": [{"id": "a"}, {"id": "b"}],
        "condition": {"type": "has_tag", "params": {"tag_id": has["tag"]}},
        "after_contacts": 1_000,
    },
    "go_to": lambda _: {"target": "w"},
    "start_automation": lambda has: {"automation_id": has["automation"]},
    "end_automation": lambda has: {"automation_id": has["automation"]},
    "assign_owner": lambda has: {"owner_ids": [has["user"]]},
    "add_note": lambda _: {"body": "Called twice."},
    "webhook": lambda _: {"url": "https://example.com/hook"},
    "throttle": lambda _: {"amount": 1_000_000, "per": "minute"},
    "calculate_field": lambda has: {"field_id": has["number"], "operation": "add", "value": 2},
    "join_company": lambda has: {"company_id": has["company"]},
    "leave_company": lambda has: {"company_id": has["company"]},
    "add_deal": lambda has: {"title": "New deal", "stage_id": has["stage"], "value": 10, "skip_if_open": True},
    "update_deal": lambda has: {"which": "all", "stage_id": has["stage"], "value": 20, "owner_ids": [has["user"]]},
    "add_task": lambda _: {"title": "Call", "about": "contact"},
    "finish_tasks": lambda _: {"outcome": "Done"},
    "add_deal_note": lambda _: {"body": "Called twice.", "which": "all"},
    "adjust_score": lambda has: {"score_id": has["score"], "operation": "set", "points": 30},
    "unsubscribe_all": lambda _: {},
    "delete_contact": lambda _: {},
    "end": lambda _: {},
}

CONDITIONS: dict[str, Callable[[Things], dict[str, Any]]] = {
    "has_tag": lambda has: {"tag_id": has["tag"]},
    "has_tags": lambda has: {"tag_ids": [has["tag"]], "match": "all"},
    "on_list": lambda has: {"list_id": has["list"]},
    "subscribed_on": lambda has: {"list_id": has["list"], "operator": "in_last_days", "value": 7},
    "random_bucket": lambda _: {"to_percent": 50},
    "now_is": lambda _: {"weekdays": [7]},
    "field": lambda has: {"field_id": has["field"], "operator": "equals", "value": "red"},
    "contact_attribute": lambda _: {"attribute": "first_name", "operator": "equals", "value": "Ada"},
    "works_at_company": lambda _: {},
    "company_attribute": lambda _: {"attribute": "name", "operator": "equals", "value": "Acme"},
    "company_field": lambda _: {"company_field_id": 1, "operator": "equals", "value": "red"},
    "last_engagement": lambda _: {"what": "open", "operator": "not_in_last_days", "value": 30},
    "engagement_count": lambda _: {"what": "open", "operator": "less", "value": 3},
    "did": lambda has: {"fact": "tag_added", "object_id": has["tag"], "operator": "at_most", "count": 0},
    "visited_page": lambda _: {"url": "https://example.com/*", "match": "matches", "count": 3, "within_days": 14},
    "has_record": lambda _: {"schema_id": 1, "operator": "at_most", "count": 0},
    "has_deal": lambda has: {"stage_id": has["stage"], "operator": "at_most", "count": 0},
    "score": lambda has: {"score_id": has["score"], "operator": "at_most", "value": 10},
    "email_quality": lambda _: {"quality": "free"},
    "in_automation": lambda has: {"automation_id": has["automation"]},
    "in_segment": lambda has: {"segment_id": has["segment"]},
    "opened_message": lambda has: {"message_id": has["message"]},
    "clicked_link": lambda has: {"message_id": has["message"]},
    "was_sent": lambda has: {"message_id": has["message"]},
}

EVERY_PASS_COUNTS = {"send_email", "notify_team", "add_note", "calculate_field", "add_task", "add_deal_note"}
"""Steps that mean something each time a contact passes; the engine's transaction makes a pass happen once."""

# What counts work itself may change by looking (places, counters, the runs) says nothing about a step.
TABLES = """
    select table_schema || '.' || table_name from information_schema.columns
    where column_name = 'workspace_id' and table_schema in ('contacts', 'messages', 'delivery', 'segments', 'deals', 'scores')
      and table_name not in ('count_change', 'count_total')
    order by 1
"""


async def things(tx: Tx, make: Make) -> Things:
    """One of each, and a message."""
    made = {"tag": await make.tag(tx)}
    made["list"] = await tx.value(
        sql(
            """
            insert into contacts.list (workspace_id, name, slug, created_at, updated_at)
            values ({workspace}, 'News', 'news', {now}, {now}) returning id
            """
        )
    )
    made["field"] = await tx.value(
        sql(
            """
            insert into contacts.field (workspace_id, name, key, type, created_at, updated_at)
            values ({workspace}, 'Colour', 'COLOUR', 'text', {now}, {now}) returning id
            """
        )
    )
    made["date"] = await tx.value(
        sql(
            """
            insert into contacts.field (workspace_id, name, key, type, created_at, updated_at)
            values ({workspace}, 'Birthday', 'BIRTHDAY', 'date', {now}, {now}) returning id
            """
        )
    )
    made["number"] = await tx.value(
        sql(
            """
            insert into contacts.field (workspace_id, name, key, type, created_at, updated_at)
            values ({workspace}, 'Points', 'POINTS', 'number', {now}, {now}) returning id
            """
        )
    )
    made["stage"] = (await create_pipeline(tx, name="Sales")).stages[1].id
    made["score"] = (await create_score(tx, name="Interest")).id
    made["company"] = (await create_company(tx, name="Acme")).id
    made["user"] = await a_user(tx)
    made["segment"] = await tx.value(
        sql(
            """
            insert into segments.segment (workspace_id, name, condition, created_at, updated_at)
            values ({workspace}, 'All', {everyone}, {now}, {now}) returning id
            """,
            everyone=EVERYONE,
        )
    )
    made["automation"] = (await create_automation(tx, name="Flow", document=document())).id
    if "send_email" in REGISTRY.steps:
        from waypost.messages.actions import create_message

        made["message"] = (await create_message(tx, name="Hello", subject="Hello")).id
    return made


async def a_user(tx: Tx, name: str = "owner") -> int:
    return await tx.value(
        sql(
            """
            with made as (
                insert into identity.user_account (email, name, password_hash, created_at, updated_at)
                values ({name} || {workspace} || '@example.com', 'Olga', '', {now}, {now}) returning id
            )
            insert into identity.membership (workspace_id, user_id, role, created_at)
            select {workspace}, id, 'editor', {now} from made returning user_id
            """,
            name=name,
        )
    )


async def contents(tx: Tx) -> dict[str, tuple[int, str]]:
    """What every table holds of the workspace: how many rows, and a digest of them."""
    tables = [row[0] for row in await tx.conn.fetch(TABLES)]
    parts = [
        f"select '{table}' as name, count(*) as n, coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') "
        f"as digest from {table} as t where workspace_id = $1"
        for table in tables
    ]
    facts = "select 'facts', count(*), '' from activities.fact where workspace_id = $1 and kind < 300"
    rows = await tx.conn.fetch(" union all ".join([*parts, facts]), tx.workspace_id)
    return {row["name"]: (row["n"], row["digest"]) for row in rows}


def flow_of(kind: str, params: dict[str, Any]) -> dict[str, Any]:
    """The step alone; one that goes elsewhere needs somewhere to go."""
    elsewhere = [step("w", "wait", amount=1, unit="days")] if kind == "go_to" else []
    return document(step("s", kind, **params), *elsewhere)


async def run_step(tx: Tx, db: Database, kind: str, params: dict[str, Any], people: list[int]) -> int:
    """An automation of this one step, entered by the people and run; returns its id."""
    automation = await activate(tx, flow_of(kind, params))
    await enter(tx, automation.id, people)
    await Advancer(db).move(tx, await claim(tx, limit=1_000), {})
    return automation.id


@asynccontextmanager
async def counted(tx: Tx) -> AsyncIterator[list[str]]:
    """The statements that go over the wire."""
    seen: list[str] = []

    def see(record: Any) -> None:
        seen.append(record.query)

    with tx.conn.query_logger(see):
        yield seen


def test_every_word_has_an_example() -> None:
    assert set(REGISTRY.steps) <= set(STEPS)
    assert set(REGISTRY.conditions) <= set(CONDITIONS)


@pytest.mark.parametrize("kind", sorted(REGISTRY.steps.keys() - EVERY_PASS_COUNTS))
async def test_a_step_that_runs_again_changes_nothing_more(tx: Tx, db: Database, make: Make, kind: str) -> None:
    has = await things(tx, make)
    people = [await make.contact(tx) for _ in range(4)]
    await make.contact(tx, tags=[has["tag"]], lists=[has["list"]])
    await run_step(tx, db, kind, STEPS[kind](has), people)
    before = await contents(tx)
    await tx.run(
        sql(
            """
            update automations.enrollment set state = 0, is_served = false, due_at = {now}, step_id = 's'
            where workspace_id = {workspace}
            """
        )
    )
    await Advancer(db).move(tx, await claim(tx, limit=1_000), {})
    assert await contents(tx) == before


@pytest.mark.parametrize("kind", sorted(REGISTRY.steps))
async def test_a_step_touches_nothing_of_another_workspace(
    tx: Tx, db: Database, make: Make, kind: str, stranger: Tx
) -> None:
    has = await things(tx, make)
    people = [await make.contact(tx, tags=[has["tag"]], lists=[has["list"]]) for _ in range(3)]
    before = await contents(tx)
    own = await things(stranger, make)
    await run_step(stranger, db, kind, STEPS[kind](own), people)
    mine = [await make.contact(stranger)]
    await run_step(stranger, db, kind, STEPS[kind](own), mine)
    assert await contents(tx) == before


@pytest.mark.parametrize("kind", sorted(REGISTRY.steps))
async def test_a_step_takes_no_more_statements_for_more_contacts(tx: Tx, db: Database, make: Make, kind: str) -> None:
    has = await things(tx, make)
    found: list[int] = []
    for size in (2, 60):
        people = await make.contacts(tx, size)
        automation = await activate(tx, flow_of(kind, STEPS[kind](has)))
        await enter(tx, automation.id, people)
        rows = await claim(tx, limit=1_000)
        engine = Advancer(db)
        async with counted(tx) as seen:
            await engine.move(tx, rows, {})
        found.append(len(seen))
        await tx.run(sql("update automations.enrollment set state = 4 where workspace_id = {workspace}"))
    assert found[0] == found[1] <= MAX_STATEMENTS


@pytest.mark.parametrize("kind", sorted(REGISTRY.conditions))
async def test_a_condition_is_one_boolean_for_each_contact(tx: Tx, make: Make, kind: str) -> None:
    has = await things(tx, make)
    people = [await make.contact(tx, first_name="Grace"), *await make.contacts(tx, 20)]
    fields = {str(has["field"]): "red"}
    people.append(await make.contact(tx, fields=fields, tags=[has["tag"]], lists=[has["list"]]))
    leaf = {"type": kind, "params": CONDITIONS[kind](has)}
    predicate = await build_predicate(tx, leaf, sql("c.id"))
    answers = await tx.all(_answers(predicate, people))
    assert len(answers) == len(people)
    assert {row["answer"] for row in answers} <= {True, False}
    async with counted(tx) as seen:
        yes = await matching(tx, leaf, people)
        no = await matching(tx, {"match": "none", "conditions": [leaf]}, people)
    assert yes | no == set(people)
    assert not yes & no
    assert len(seen) <= 4


@pytest.mark.parametrize("kind", sorted(REGISTRY.conditions))
async def test_a_condition_sees_nothing_of_another_workspace(tx: Tx, make: Make, kind: str, stranger: Tx) -> None:
    has = await things(tx, make)
    own = await things(stranger, make)
    mine = await make.contact(tx, fields={str(own["field"]): "red"}, tags=[has["tag"]], lists=[has["list"]])
    predicate = await build_predicate(stranger, {"type": kind, "params": CONDITIONS[kind](own)}, sql("c.id"))
    answers = await stranger.all(_answers(predicate, [mine, 987_654_321]))
    assert len({row["answer"] for row in answers}) == 1, "a stranger's contact is as good as none"


def _answers(predicate: Sql, people: list[int]) -> Sql:
    return sql(
        "select {predicate} as answer from unnest({people}::bigint[]) as c (id)", predicate=predicate, people=people
    )


@pytest.fixture
def stranger(tx: Tx) -> Tx:
    """The same transaction, seen from a workspace that holds nothing."""
    return Tx(
        tx.conn,
        workspace_id=1,
        actor=tx.actor,
        now=tx.now,
        registry=tx.registry,
        settings=tx.settings,
    )
