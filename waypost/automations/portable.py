"""An automation as a file that people read and other workspaces take: names stand where ids stood.

"tag:VIP", "list:News", "field:date:Birthday", "message:Welcome", "automation:Win back": tags, lists, fields and
messages are made where there are none of that name (messages come with the file); anything else must be there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from waypost.automations.actions import create_automation
from waypost.automations.errors import FileInvalid
from waypost.automations.graph import AutomationDocument
from waypost.automations.queries import get_automation
from waypost.automations.types import Automation
from waypost.automations.validate import check_shape
from waypost.contacts.actions import create_field, create_list, ensure_tags
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import FieldType
from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.model import Model, parse
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.actions import create_message

DEEPEST = 250
MOST_MESSAGES = 200
MADE = ("tag", "list", "field", "message")
"""What the file may bring along."""


class PortableMessage(Model):
    """A message that comes with the file."""

    subject: str = ""
    preheader: str = ""
    document: dict[str, Any] | None = None


class PortableAutomation(Model):
    """The file."""

    name: str
    document: dict[str, Any]
    kind: Literal["waypost/automation"] = "waypost/automation"
    messages: dict[str, PortableMessage] = {}


@dataclass(frozen=True, slots=True)
class _Name:
    """A name that stands for an id, and where."""

    pointer: str
    noun: str
    text: str


async def export_automation(tx: ReadTx, automation_id: int) -> PortableAutomation:
    """The draft as a file, with the messages it sends."""
    automation = await get_automation(tx, automation_id)
    words = {noun: _told_apart(rows) for noun, rows in (await _named(tx)).items()}
    document = _changed(automation.document, lambda noun, value: f"{noun}:{words.get(noun, {}).get(value, value)}")
    sent = {name.text for name in _names(document) if name.noun == "message"}
    wanted = [id_ for id_, name in words.get("message", {}).items() if name in sent]
    rows = await tx.all(
        sql(
            """
            select id, subject, preheader, document from messages.message
            where workspace_id = {workspace} and id = any({ids}::bigint[]) order by id
            """,
            ids=wanted,
        )
    )
    messages = {
        words["message"][row["id"]]: PortableMessage(row["subject"], row["preheader"], row["document"]) for row in rows
    }
    return PortableAutomation(automation.name, cast("dict[str, Any]", document), messages=messages)


def _told_apart(rows: Sequence[tuple[int, str]]) -> dict[int, str]:
    """Names by id; of several with one name all but the oldest have their id behind it."""
    seen: set[str] = set()
    found: dict[int, str] = {}
    for id_, name in rows:
        found[id_] = f"{name} ({id_})" if name in seen else name
        seen.add(name)
    return found


async def import_automation(tx: Tx, file: PortableAutomation) -> Automation:
    """A draft made of the file. Raises Invalid or FileInvalid with the place; then nothing has been made."""
    _check_depth(file.document)
    names = list(_names(file.document))
    if len(file.messages) > MOST_MESSAGES:
        raise FileInvalid(reason=f"A file may bring {MOST_MESSAGES} messages along.", pointer="/messages")
    known = await _known(tx)
    problems = [
        Problem(name.pointer, f"There is no {name.noun} called {name.text} here.", "automations.name_unknown")
        for name in names
        if name.noun not in MADE and name.text not in known.get(name.noun, {})
    ]
    problems += [
        Problem(name.pointer, f"The file names the message {name.text}, but does not bring it.", FileInvalid.code)
        for name in names
        if name.noun == "message" and name.text not in file.messages and name.text not in known.get("message", {})
    ]
    blank = parse(_changed(file.document, _number), AutomationDocument, pointer="/document")
    problems += [Problem(f"/document/steps/{item.step_id}", item.message, item.code) for item in check_shape(blank)]
    if problems:
        raise Invalid(problems, "The file cannot be taken.")
    made = await _make(tx, names, known, file.messages)
    document = _changed(file.document, lambda noun, value: made[noun, str(value).partition(":")[2]])
    return await create_automation(tx, name=file.name, document=cast("dict[str, Any]", document))


async def copy_automation(tx: Tx, automation_id: int) -> Automation:
    """The same as a new draft."""
    automation = await get_automation(tx, automation_id)
    return await create_automation(tx, name=f"{automation.name} (copy)", document=automation.document)


async def _named(tx: ReadTx) -> dict[str, list[tuple[int, str]]]:
    """By noun, the ids and names of everything that may be named, the oldest first."""
    found: dict[str, list[tuple[int, str]]] = {}
    for noun, statement in [item for domain in tx.registry.domains for item in (domain.names or {}).items()]:
        # lint: no-row-loops because a turn is a kind of thing
        rows = await tx.all(sql("select id, name from ({named}) as named order by id", named=statement))
        found[noun] = [(row["id"], row["name"]) for row in rows]
    found["field"] = [(item.id, f"{item.type}:{item.name}") for item in await list_fields(tx)]
    return found


async def _known(tx: ReadTx) -> dict[str, dict[str, int]]:
    """By noun, ids by name; of several with one name the oldest."""
    return {noun: {name: id_ for id_, name in reversed(rows)} for noun, rows in (await _named(tx)).items()}


async def _make(
    tx: Tx, names: Sequence[_Name], known: Mapping[str, Mapping[str, int]], messages: Mapping[str, PortableMessage]
) -> dict[tuple[str, str], int]:
    """The id behind every name, made where there is none. A message of the file is always new."""
    found = {(name.noun, name.text): known.get(name.noun, {}).get(name.text, 0) for name in names}
    missing = [key for key, value in found.items() if not value]
    tags = await ensure_tags(tx, [text for noun, text in missing if noun == "tag"])
    for noun, text in missing:
        if noun == "tag":
            found[noun, text] = tags[text.lower()]
        elif noun == "list":
            found[noun, text] = (await create_list(tx, name=text)).id  # lint: no-row-loops because a file names a few
        elif noun == "field":
            type_, _, name = text.partition(":")
            made = await create_field(
                tx, name=name, type=cast("FieldType", type_)
            )  # lint: no-row-loops because a file names a few
            found[noun, text] = made.id
    for text, message in messages.items():
        if ("message", text) in found:
            # lint: no-row-loops because a file brings a few messages
            made_message = await create_message(
                tx, name=text, subject=message.subject, preheader=message.preheader, document=message.document
            )
            found["message", text] = made_message.id
    return found


def _noun_of(key: str) -> str:
    return key.removesuffix("s").removesuffix("_id") if key.endswith(("_id", "_ids")) else ""


def _names(value: object, key: str = "", pointer: str = "/document") -> Iterator[_Name]:
    """Every name that stands for an id; raises FileInvalid where an id stands instead."""
    if isinstance(value, dict):
        for name, inner in cast("dict[str, object]", value).items():
            yield from _names(inner, name, f"{pointer}/{name}")
        return
    if isinstance(value, list):
        for number, inner in enumerate(cast("list[object]", value)):
            yield from _names(inner, key, f"{pointer}/{number}")
        return
    noun = _noun_of(key)
    if not noun or value is None or noun == "step":
        return
    if not isinstance(value, str) or not value.startswith(f"{noun}:") or value == f"{noun}:":
        raise FileInvalid(reason=f"In a file “{noun}:” and a name stands here, not an id.", pointer=pointer)
    yield _Name(pointer, noun, value.partition(":")[2])


def _changed(value: object, to: Callable[[str, Any], object], key: str = "") -> object:
    """The same with other words where ids or their names stand."""
    if isinstance(value, dict):
        return {name: _changed(inner, to, name) for name, inner in cast("dict[str, object]", value).items()}
    if isinstance(value, list):
        return [_changed(inner, to, key) for inner in cast("list[object]", value)]
    noun = _noun_of(key)
    return to(noun, value) if noun and noun != "step" and value is not None else value


def _number(noun: str, value: object) -> int:
    del noun, value
    return 1


def _check_depth(value: object) -> None:
    """No file takes us deeper than any automation goes."""
    layer: list[object] = [value]
    for _ in range(DEEPEST):
        inner = [list(cast("dict[str, object]", item).values()) for item in layer if isinstance(item, dict)]
        inner += [cast("list[object]", item) for item in layer if isinstance(item, list)]
        layer = [part for parts in inner for part in parts]
        if not layer:
            return
    raise FileInvalid(reason=f"The file is nested more than {DEEPEST} deep.", pointer="/document")
