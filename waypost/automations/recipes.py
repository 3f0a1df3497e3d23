"""Ready automations. Making one also makes the tags, lists, fields and messages it names, so that the draft is complete.

In a recipe an id is a name: "tag:Lead", "list:Newsletter", "field:date:Birthday", "message:offer:Thank you"
(the template, then what the message is called).
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any, cast

from waypost.automations.actions import create_automation
from waypost.automations.errors import RecipeNotFound
from waypost.automations.types import Automation
from waypost.contacts.actions import create_field, create_list, ensure_tags
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import FieldType
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.actions import create_message
from waypost.messages.ready import load_templates


@dataclass(frozen=True, slots=True)
class Recipe:
    id: str
    category: str
    name: str
    description: str
    icon: str
    triggers: list[dict[str, Any]]
    steps: list[dict[str, Any]]
    settings: dict[str, Any] = field(default_factory=dict[str, Any])

    @property
    def document(self) -> dict[str, Any]:
        """As an automation, with names in place of ids."""
        return {"version": 1, "settings": self.settings, "triggers": self.triggers, "steps": self.steps}


@dataclass(frozen=True, slots=True)
class Ingredient:
    """Something a recipe names; `id` says that it is there already and will be used."""

    kind: str
    name: str
    id: int | None


@lru_cache(maxsize=1)
def load_recipes() -> tuple[Recipe, ...]:
    """In the order of their files."""
    folder = resources.files("waypost.automations.recipe_files")
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".json")), key=lambda item: item.name)
    return tuple(Recipe(**json.loads(item.read_text(encoding="utf-8"))) for item in files)


def get_recipe(recipe_id: str) -> Recipe:
    recipe = next((item for item in load_recipes() if item.id == recipe_id), None)
    if recipe is None:
        raise RecipeNotFound(recipe_id=recipe_id)
    return recipe


async def list_ingredients(tx: ReadTx, recipe: Recipe) -> list[Ingredient]:
    """What making the recipe would use or make, by kind and name."""
    parts = [name.partition(":") for name in sorted(set(_names(recipe.document)))]
    plain = {
        "tag": sql("select id, lower(name) as name from contacts.tag where workspace_id = {workspace}"),
        "list": sql("select id, lower(name) as name from contacts.list where workspace_id = {workspace}"),
    }
    known: dict[tuple[str, str], int] = {}
    for kind, rows in plain.items():
        # lint: no-row-loops because there are two kinds
        known |= {(kind, row["name"]): row["id"] for row in await tx.all(rows)}
    known |= {("field", f"{item.type}:{item.name.lower()}"): item.id for item in await list_fields(tx)}
    return [
        Ingredient(kind, _said(kind, rest), None if kind == "message" else known.get((kind, _key(kind, rest))))
        for kind, _, rest in parts
    ]


def _said(kind: str, rest: str) -> str:
    """Without the type of a field or the template of a message, which stand before the name."""
    return rest.partition(":")[2] if kind in ("field", "message") else rest


def _key(kind: str, rest: str) -> str:
    if kind != "field":
        return rest.lower()
    type_, _, name = rest.partition(":")
    return f"{type_}:{name.lower()}"


async def create_from_recipe(tx: Tx, recipe_id: str) -> Automation:
    """A draft of the recipe; what exists under the names it uses is used, messages are always new."""
    recipe = get_recipe(recipe_id)
    document = recipe.document
    names = sorted(set(_names(document)))
    ids = await _tags(tx, [name for name in names if name.startswith("tag:")])
    for name in names:
        noun, _, rest = name.partition(":")
        if noun == "list":
            ids[name] = await _list(tx, rest)  # lint: no-row-loops because a recipe names a few things
        elif noun == "field":
            ids[name] = await _field(tx, rest)  # lint: no-row-loops because a recipe names a few things
        elif noun == "message":
            ids[name] = await _message(tx, recipe, rest)  # lint: no-row-loops because a recipe names a few things
    return await create_automation(tx, name=recipe.name, document=cast("dict[str, Any]", _filled(document, ids)))


def _names(value: object, key: str = "") -> Iterator[str]:
    """Every name that stands for an id."""
    if isinstance(value, dict):
        for name, inner in cast("dict[str, object]", value).items():
            yield from _names(inner, name)
    elif isinstance(value, list):
        for inner in cast("list[object]", value):
            yield from _names(inner)
    elif isinstance(value, str) and key.endswith("_id"):
        yield value


def _filled(value: object, ids: dict[str, int], key: str = "") -> object:
    """The same with ids for names."""
    if isinstance(value, dict):
        return {name: _filled(inner, ids, name) for name, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_filled(inner, ids) for inner in cast("list[object]", value)]
    return ids[value] if isinstance(value, str) and key.endswith("_id") else value


async def _tags(tx: Tx, names: list[str]) -> dict[str, int]:
    made = await ensure_tags(tx, [name.partition(":")[2] for name in names])
    return {name: made[name.partition(":")[2].lower()] for name in names}


async def _list(tx: Tx, name: str) -> int:
    found = await tx.value(
        sql(
            "select id from contacts.list where workspace_id = {workspace} and lower(name) = lower({name}) order by id",
            name=name,
        )
    )
    return found or (await create_list(tx, name=name)).id


async def _field(tx: Tx, rest: str) -> int:
    type_, _, name = rest.partition(":")
    for known in await list_fields(tx):
        if known.type == type_ and known.name.lower() == name.lower():
            return known.id
    return (await create_field(tx, name=name, type=cast("FieldType", type_))).id


async def _message(tx: Tx, recipe: Recipe, rest: str) -> int:
    template_id, _, name = rest.partition(":")
    template = next(item for item in load_templates() if item.id == template_id)
    message = await create_message(
        tx,
        name=f"{recipe.name}: {name}",
        subject=name,
        preheader=template.preheader,
        document=template.document,
    )
    return message.id
