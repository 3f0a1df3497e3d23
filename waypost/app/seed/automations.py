"""The sample automations: one at work, one paused, one being drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from waypost.app.seed.people import Words
from waypost.automations.actions import create_automation
from waypost.kernel.tx import Tx

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Automations:
    """The ids of those that will run."""

    welcome: int
    thanks: int
    winback: int


async def seed_automations(tx: Tx, words: Words, letters: Mapping[str, int]) -> Automations:
    """Drafts all; life activates them when their time comes."""
    thanks = await create_automation(tx, name="Thank our best customers", document=_thanks(words, letters))
    winback = await create_automation(tx, name="Win back quiet customers", document=_winback(words, letters))
    await create_automation(tx, name="After the workshop", document=_workshop(words, letters))
    welcome = await create_automation(tx, name="Welcome new subscribers", document=_welcome(words, letters))
    return Automations(welcome.id, thanks.id, winback.id)


def _step(step_id: str, kind: str, arms: dict[str, list[Json]] | None = None, **params: object) -> Json:
    return {"id": step_id, "type": kind, "params": params, "arms": arms or {}}


def _trigger(kind: str, name: str, object_id: int, runs: str) -> Json:
    return {"id": "t1", "type": kind, "params": {name: object_id}, "runs": runs}


def _opened(message_id: int) -> Json:
    return {"match": "all", "conditions": [{"type": "opened_message", "params": {"message_id": message_id}}]}


def _tagged(tag_id: int) -> Json:
    return {"match": "all", "conditions": [{"type": "has_tag", "params": {"tag_id": tag_id}}]}


def _welcome(words: Words, letters: Mapping[str, int]) -> Json:
    steps = [
        _step("welcome", "send_email", message_id=letters["welcome"]),
        _step("pause", "wait", amount=1, unit="days"),
        _step(
            "opened",
            "wait_until",
            {
                "met": [_step("engaged", "add_tag", tag_id=words.tags["Engaged"])],
                "timed_out": [_step("remind", "send_email", message_id=letters["offer"])],
            },
            condition=_opened(letters["welcome"]),
            timeout_amount=3,
            timeout_unit="days",
        ),
        _step(
            "offer",
            "split",
            {
                "a": [_step("event", "send_email", message_id=letters["event"])],
                "b": [_step("quiet", "wait", amount=2, unit="days")],
            },
            percent=50,
        ),
        _step("week", "wait", amount=1, unit="weeks"),
        _step("friend", "add_to_list", list_id=words.lists["Friends of the house"]),
        _step("done", "end"),
    ]
    trigger = _trigger("list_subscribed", "list_id", words.lists["Newsletter"], "once")
    return {"version": 1, "triggers": [trigger], "steps": steps}


def _thanks(words: Words, letters: Mapping[str, int]) -> Json:
    steps = [
        _step("rest", "wait", amount=2, unit="days"),
        _step("thanks", "send_email", message_id=letters["offer"]),
        _step(
            "seen",
            "wait_until",
            {"met": [_step("mark", "add_tag", tag_id=words.tags["Engaged"])], "timed_out": []},
            condition=_opened(letters["offer"]),
            timeout_amount=5,
            timeout_unit="days",
        ),
    ]
    trigger = _trigger("tag_added", "tag_id", words.tags["Best customer"], "once")
    return {"version": 1, "triggers": [trigger], "steps": steps}


def _winback(words: Words, letters: Mapping[str, int]) -> Json:
    steps = [
        _step("rest", "wait", amount=2, unit="days"),
        _step(
            "already",
            "if_else",
            {
                "yes": [_step("leave", "end")],
                "no": [_step("miss", "send_email", message_id=letters["win-back"])],
            },
            condition=_tagged(words.tags["Came back"]),
        ),
        _step("patience", "wait", amount=2, unit="weeks"),
        _step("forget", "remove_tag", tag_id=words.tags["Quiet"]),
    ]
    trigger = _trigger("tag_added", "tag_id", words.tags["Quiet"], "multiple")
    return {"version": 1, "triggers": [trigger], "steps": steps}


def _workshop(words: Words, letters: Mapping[str, int]) -> Json:
    steps = [
        _step("rest", "wait", amount=1, unit="days"),
        _step("invite", "send_email", message_id=letters["event"]),
        _step("mark", "add_tag", tag_id=words.tags["Engaged"]),
    ]
    trigger = _trigger("tag_added", "tag_id", words.tags["Workshop"], "once")
    return {"version": 1, "triggers": [trigger], "steps": steps}
