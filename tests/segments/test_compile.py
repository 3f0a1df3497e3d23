"""Any tree over any data gives what a plain evaluation in Python gives."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.make import Make
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.segments.queries import audience, count_matching, matching

NAMES = ("Ada", "Grace", "Alan", "", "ada lovelace")
TEXTS = ("red", "green", "", "Red wine")


@dataclass
class Person:
    """What the plain evaluation knows of a contact."""

    id: int
    first_name: str
    tags: set[int]
    lists: dict[int, int]
    fields: dict[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class World:
    """Random people with what they have."""

    people: list[Person]
    tags: list[int]
    lists: list[int]
    text_field: int
    number_field: int


async def build_world(tx: Tx, make: Make, chance: random.Random) -> World:
    tags = [await make.tag(tx) for _ in range(3)]
    lists = [await _list(tx, number) for number in range(2)]
    text_field, number_field = await _field(tx, "COLOUR", "text"), await _field(tx, "SIZE", "number")
    people: list[Person] = []
    for _ in range(30):
        own = {}
        if chance.random() < 0.7:
            own[str(text_field)] = chance.choice(TEXTS)
        if chance.random() < 0.7:
            own[str(number_field)] = chance.randint(-3, 12)
        person = Person(0, chance.choice(NAMES), set(chance.sample(tags, chance.randint(0, 3))), {}, own)
        person.lists = {item: chance.randint(0, 3) for item in lists if chance.random() < 0.6}
        person.id = await make.contact(tx, first_name=person.first_name, fields=own, tags=sorted(person.tags))
        for list_id, status in person.lists.items():
            await _subscribe(tx, person.id, list_id, status)
        people.append(person)
    return World(people, tags, lists, text_field, number_field)


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


def random_leaf(world: World, chance: random.Random) -> dict[str, Any]:
    kind = chance.choice(["has_tag", "on_list", "text", "number", "contact_attribute"])
    if kind == "has_tag":
        return {"type": kind, "params": {"tag_id": chance.choice(world.tags)}}
    if kind == "on_list":
        return {"type": kind, "params": {"list_id": chance.choice(world.lists)}}
    if kind == "text":
        operator = chance.choice(["equals", "contains", "starts_with", "is_empty", "is_not_empty"])
        return _compared(
            {"type": "field", "params": {"field_id": world.text_field}}, operator, chance.choice(TEXTS[:2])
        )
    if kind == "number":
        operator = chance.choice(["equals", "greater", "less", "is_empty"])
        return _compared(
            {"type": "field", "params": {"field_id": world.number_field}}, operator, chance.randint(-3, 12)
        )
    operator = chance.choice(["equals", "contains", "starts_with", "is_empty", "is_not_empty"])
    return _compared({"type": kind, "params": {"attribute": "first_name"}}, operator, chance.choice(("Ada", "a", "Gr")))


def _compared(leaf: dict[str, Any], operator: str, value: object) -> dict[str, Any]:
    leaf["params"]["operator"] = operator
    if not operator.startswith("is_"):
        leaf["params"]["value"] = value
    return leaf


def random_tree(world: World, chance: random.Random, depth: int = 3) -> dict[str, Any]:
    if depth == 0 or chance.random() < 0.3:
        return random_leaf(world, chance)
    parts = [random_tree(world, chance, depth - 1) for _ in range(chance.randint(0, 3))]
    return {"match": chance.choice(["all", "any", "none"]), "conditions": parts}


def holds(tree: dict[str, Any], person: Person) -> bool:
    if "match" in tree:
        answers = [holds(part, person) for part in tree["conditions"]]
        if not answers:
            return True
        return {"all": all, "any": any, "none": lambda found: not any(found)}[tree["match"]](answers)
    params = tree["params"]
    if tree["type"] == "has_tag":
        return params["tag_id"] in person.tags
    if tree["type"] == "on_list":
        return person.lists.get(params["list_id"]) == 1
    has = person.fields.get(str(params["field_id"])) if tree["type"] == "field" else person.first_name
    return _compare(params["operator"], has, params.get("value"))


def _compare(operator: str, has: Any, value: Any) -> bool:
    if operator in ("is_empty", "is_not_empty"):
        return (has in (None, "")) == (operator == "is_empty")
    if has is None:
        return False
    if isinstance(has, str):
        has, value = has.lower(), str(value).lower()
        return {"equals": has == value, "contains": value in has, "starts_with": has.startswith(value)}[operator]
    return {"equals": has == value, "greater": has > value, "less": has < value}[operator]


@pytest.mark.parametrize("seed", range(8))
async def test_a_tree_in_sql_equals_the_tree_in_python(tx: Tx, make: Make, seed: int) -> None:
    chance = random.Random(seed)
    world = await build_world(tx, make, chance)
    everyone = [person.id for person in world.people]
    for _ in range(25):
        tree = random_tree(world, chance)
        expected = {person.id for person in world.people if holds(tree, person)}
        assert await matching(tx, tree, everyone) == expected, tree
        rows = await tx.all(await audience(tx, tree))
        assert {row["contact_id"] for row in rows} == expected, tree
        assert await count_matching(tx, tree) == len(expected), tree
