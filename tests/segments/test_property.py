"""Any tree over any data gives what a plain evaluation in Python gives, in every form and by every plan."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import pytest_asyncio
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.make import Make
from tests.segments.keep import group, inside
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.segments import plan
from waypost.segments.actions import create_segment
from waypost.segments.expand import expand
from waypost.segments.explain import explain_condition
from waypost.segments.queries import audience, count_matching, matching
from waypost.segments.terms import opposite, term_of
from waypost.segments.tree import parse_condition

Json = dict[str, Any]

NAMES = ("Ada", "Grace", "Alan", "", "ada lovelace")
TEXTS = ("red", "green", "", "Red wine")
DAYS = (1, 5, 20, 40)


@dataclass
class Person:
    """What the plain evaluation knows of a contact."""

    id: int
    first_name: str
    tags: set[int]
    lists: dict[int, int]
    fields: dict[str, Any] = field(default_factory=dict[str, Any])
    opened_days_ago: float | None = None


@dataclass
class World:
    """Random people with what they have, some of them deleted, and two segments."""

    tx: Tx
    people: list[Person]
    tags: list[int]
    lists: list[int]
    text_field: int
    number_field: int
    segments: dict[int, Json] = field(default_factory=dict[int, Json])


@pytest_asyncio.fixture(loop_scope="session")
async def world(tx: Tx, make: Make) -> World:
    chance = random.Random(7)
    tags = [await make.tag(tx) for _ in range(3)]
    lists = [await _list(tx, number) for number in range(2)]
    found = World(tx, [], tags, lists, await _field(tx, "COLOUR", "text"), await _field(tx, "SIZE", "number"))
    for number in range(40):
        person = await _person(tx, make, found, chance)
        if number % 8:
            found.people.append(person)
        else:
            await tx.run(
                sql(
                    "update contacts.contact set deleted_at = {now} where workspace_id = {workspace} and id = {id}",
                    id=person.id,
                )
            )
    one = group("any", has_tag(tags[0]), group("none", on_list(lists[0])))
    first = await create_segment(tx, name="One", condition=one)
    two = group("all", inside(first.id), {"not": has_tag(tags[1])})
    second = await create_segment(tx, name="Two", condition=two)
    found.segments = {first.id: one, second.id: two}
    return found


async def _person(tx: Tx, make: Make, world: World, chance: random.Random) -> Person:
    own: Json = {}
    if chance.random() < 0.7:
        own[str(world.text_field)] = chance.choice(TEXTS)
    if chance.random() < 0.7:
        own[str(world.number_field)] = chance.randint(-3, 12)
    person = Person(0, chance.choice(NAMES), set(chance.sample(world.tags, chance.randint(0, 3))), {}, own)
    person.lists = {item: chance.randint(0, 3) for item in world.lists if chance.random() < 0.6}
    person.id = await make.contact(tx, first_name=person.first_name, fields=own, tags=sorted(person.tags))
    for list_id, status in person.lists.items():
        await _subscribe(tx, person.id, list_id, status)
    if chance.random() < 0.7:
        person.opened_days_ago = chance.choice(DAYS) + chance.choice((-0.5, 0.5))
        await _opened(tx, person.id, person.opened_days_ago)
    return person


async def _list(tx: Tx, number: int) -> int:
    return await tx.value(
        sql(
            """
            insert into contacts.list (workspace_id, name, slug, created_at, updated_at)
            values ({workspace}, 'List', {slug}, {now}, {now}) returning id
            """,
            slug=f"list-{number}",
        )
    )


async def _field(tx: Tx, key: str, kind: str) -> int:
    return await tx.value(
        sql(
            """
            insert into contacts.field (workspace_id, name, key, type, created_at, updated_at)
            values ({workspace}, {key}, {key}, {kind}, {now}, {now}) returning id
            """,
            key=key,
            kind=kind,
        )
    )


async def _subscribe(tx: Tx, contact_id: int, list_id: int, status: int) -> None:
    await tx.run(
        sql(
            """
            insert into contacts.subscription (workspace_id, contact_id, list_id, status, created_at, updated_at)
            values ({workspace}, {contact_id}, {list_id}, {status}::smallint, {now}, {now})
            """,
            contact_id=contact_id,
            list_id=list_id,
            status=status,
        )
    )


async def _opened(tx: Tx, contact_id: int, days: float) -> None:
    await tx.run(
        sql(
            """
            insert into activities.engagement (workspace_id, contact_id, last_open_at, open_count)
            values ({workspace}, {contact_id}, {at}, 1)
            """,
            contact_id=contact_id,
            at=tx.now - timedelta(days=days),
        )
    )


def has_tag(tag_id: int) -> Json:
    return {"type": "has_tag", "params": {"tag_id": tag_id}}


def on_list(list_id: int) -> Json:
    return {"type": "on_list", "params": {"list_id": list_id}}


def compared(kind: str, params: Json, operator: str, value: object) -> Json:
    given = params | {"operator": operator}
    return {"type": kind, "params": given if operator.startswith("is_") else given | {"value": value}}


@st.composite
def leaf(draw: st.DrawFn, world: World) -> Json:
    kind = draw(st.sampled_from(["tag", "tags", "list", "text", "number", "name", "opened", "segment"]))
    if kind == "tag":
        return has_tag(draw(st.sampled_from(world.tags)))
    if kind == "tags":
        chosen = draw(st.lists(st.sampled_from(world.tags), min_size=1, max_size=3))
        return {
            "type": "has_tags",
            "params": {"tag_ids": chosen, "match": draw(st.sampled_from(["any", "all", "none"]))},
        }
    if kind == "list":
        return on_list(draw(st.sampled_from(world.lists)))
    if kind == "segment":
        return inside(draw(st.sampled_from(sorted(world.segments))))
    if kind == "opened":
        operator = draw(st.sampled_from(["in_last_days", "more_than_days_ago", "is_empty", "is_not_empty"]))
        return compared("last_engagement", {"what": "open"}, operator, draw(st.sampled_from(DAYS)))
    if kind == "number":
        operator = draw(st.sampled_from(["equals", "greater", "less", "is_empty"]))
        return compared("field", {"field_id": world.number_field}, operator, draw(st.integers(-3, 12)))
    operator = draw(st.sampled_from(["equals", "contains", "starts_with", "is_empty", "is_not_empty"]))
    if kind == "text":
        return compared("field", {"field_id": world.text_field}, operator, draw(st.sampled_from(TEXTS[:2])))
    value = draw(st.sampled_from(("Ada", "a", "Gr")))
    return compared("contact_attribute", {"attribute": "first_name"}, operator, value)


def trees(world: World) -> st.SearchStrategy[Json]:
    def grow(inner: st.SearchStrategy[Json]) -> st.SearchStrategy[Json]:
        groups = st.builds(
            lambda match, parts: group(match, *parts),
            st.sampled_from(["all", "any", "none"]),
            st.lists(inner, max_size=4),
        )
        return groups | st.builds(lambda part: {"not": part}, inner)

    return st.recursive(leaf(world), grow, max_leaves=12)


def holds(world: World, tree: Json, person: Person) -> bool:
    if "not" in tree:
        return not holds(world, tree["not"], person)
    if "match" in tree:
        answers = [holds(world, part, person) for part in tree["conditions"]]
        if not answers:
            return True
        return {"all": all(answers), "any": any(answers), "none": not any(answers)}[tree["match"]]
    params = tree["params"]
    if tree["type"] == "in_segment":
        return holds(world, world.segments[params["segment_id"]], person)
    if tree["type"] == "has_tag":
        return params["tag_id"] in person.tags
    if tree["type"] == "has_tags":
        asked = set(params["tag_ids"])
        common = asked & person.tags
        return {"any": bool(common), "all": common == asked, "none": not common}[params["match"]]
    if tree["type"] == "on_list":
        return person.lists.get(params["list_id"]) == 1
    has: Any = person.first_name
    if tree["type"] == "field":
        has = person.fields.get(str(params["field_id"]))
    if tree["type"] == "last_engagement":
        has = person.opened_days_ago
    return compare(params["operator"], has, params.get("value"))


def compare(operator: str, has: Any, value: Any) -> bool:
    if operator in ("is_empty", "is_not_empty"):
        return (has in (None, "")) == (operator == "is_empty")
    if has is None:
        return False
    if isinstance(has, str):
        has, value = has.lower(), str(value).lower()
        return {"equals": has == value, "contains": value in has, "starts_with": has.startswith(value)}[operator]
    return {
        "equals": has == value,
        "greater": has > value,
        "less": has < value,
        "in_last_days": has < value,
        "more_than_days_ago": has > value,
    }[operator]


async def people(tx: Tx, who: Sql) -> list[int]:
    return sorted(row["contact_id"] for row in await tx.all(who))


async def every_plan(world: World, tree: Json) -> Sequence[list[int]]:
    """Who the sets find: as estimated, where sets are dear, where looking at one contact is, and the opposite."""
    tx = world.tx
    term = term_of(await expand(tx, parse_condition(tx.registry, tree)))
    found = [await people(tx, await audience(tx, tree))]
    for sets, rows in ((1e9, 0.001), (0.001, 1e9)):
        planner = Guessing(tx, sets=sets, rows=rows)
        found.append(await people(tx, (await planner.plan(term)).sql))
    others = set(await people(tx, (await plan.Planner(tx).plan(opposite(term))).sql))
    found.append(sorted({person.id for person in world.people} - others))
    return found


class Guessing(plan.Planner):
    """A planner that is told what things cost."""

    def __init__(self, tx: Tx, *, sets: float, rows: float) -> None:
        super().__init__(tx)
        self.costs = {"set": (100.0, sets), "row": (1.0, rows)}

    async def estimate(self, key: tuple[int, str], statement: Sql) -> tuple[float, float]:
        del statement
        return self.costs[key[1]]


@given(data=st.data())
@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.asyncio(loop_scope="session")
async def test_a_tree_in_sql_equals_the_tree_in_python(world: World, data: st.DataObject) -> None:
    tree = data.draw(trees(world))
    tx = world.tx
    expected = sorted(person.id for person in world.people if holds(world, tree, person))
    everyone = [person.id for person in world.people]
    assert sorted(await matching(tx, tree, everyone)) == expected
    assert await count_matching(tx, tree) == len(expected)
    for found in await every_plan(world, tree):
        assert found == expected
    one = data.draw(st.sampled_from(world.people))
    assert (await explain_condition(tx, tree, one.id)).holds == (one.id in expected)
