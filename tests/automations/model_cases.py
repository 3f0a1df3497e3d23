"""Random automations and what the world does to contacts meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from tests.automations import model_steps
from tests.automations.flow import Json

MAX_DEPTH = 3
DEEP = ("if_else", "branch")
DATES = ("2024-02-29", "1990-12-31", "2001-01-01", "2026-11-30", "2026-12-02")


@dataclass(frozen=True)
class Things:
    """What steps and conditions can name."""

    tags: Sequence[int]
    lists: Sequence[int]
    users: Sequence[int]
    text: int
    number: int
    date: int
    automations: Sequence[int]


class Author:
    """Writes documents; the same seed writes the same."""

    def __init__(self, random: Random, things: Things) -> None:
        self.random, self.things = random, things
        self.count = 0
        self.ids: list[str] = []
        self.makers: dict[str, Callable[[], Json]] = {
            name.removeprefix("_p_"): getattr(self, name) for name in dir(self) if name.startswith("_p_")
        }

    def document(self) -> Json:
        self.count, self.ids = 0, []
        steps = self._steps(1, self.random.randint(2, 6))
        return {"version": 1, "triggers": [self._trigger()], "steps": steps, "settings": self._settings()}

    def _settings(self) -> Json:
        """Mostly none."""
        chosen: Json = {}
        for name, value in (
            ("exit_condition", self.condition()),
            ("entry_condition", self.condition()),
            ("suppression_condition", self.condition()),
            ("entries", "once"),
            ("while_inside", "restart"),
            ("daily_entries", 2),
        ):
            if self.random.random() < 0.12:
                chosen[name] = value
        return chosen

    def _steps(self, depth: int, length: int) -> list[Json]:
        steps = [self._step(depth) for _ in range(length)]
        # What follows an end is never reached, which a document must not say.
        for place, step in enumerate(steps):
            if step["type"] == "end":
                return steps[: place + 1]
        return steps

    def _step(self, depth: int) -> Json:
        self.count += 1
        kinds = sorted(self.makers)
        kind = self.random.choice(kinds if depth < MAX_DEPTH else [kind for kind in kinds if kind not in DEEP])
        self.ids.append(f"s{self.count}")
        made: Json = {"id": f"s{self.count}", "type": kind, "params": self.makers[kind](), "arms": {}}
        for name in model_steps.exits(made):
            if depth < MAX_DEPTH and self.random.random() < 0.7:
                made["arms"][name] = self._steps(depth + 1, self.random.randint(0, 3))
        return made

    def _trigger(self) -> Json:
        runs = self.random.choice(["once", "multiple"])
        kind, params = self.random.choice(
            [
                ("tag_added", {"tag_id": self._tag()}),
                ("tag_removed", {"tag_id": self._tag()}),
                ("tag_added", {}),
                ("list_subscribed", {"list_id": self._list()}),
                ("field_changed", {"field_id": self.things.number}),
                ("field_changed", {"field_id": self.things.number, "to_value": self.random.randint(0, 9)}),
                ("field_changed", {"field_id": self.things.text, "from_value": "red", "to_value": "blue"}),
                ("owner_changed", {}),
            ]
        )
        condition = self.condition() if self.random.random() < 0.3 else None
        return {"id": "t1", "type": kind, "params": params, "runs": runs, "condition": condition}

    def _tag(self) -> int:
        return self.random.choice(self.things.tags)

    def _list(self) -> int:
        return self.random.choice(self.things.lists)

    def condition(self, depth: int = 1) -> Json:
        if depth < 3 and self.random.random() < 0.4:
            parts = [self.condition(depth + 1) for _ in range(self.random.randint(1, 3))]
            return {"match": self.random.choice(["all", "any", "none"]), "conditions": parts}
        kind = self.random.randint(0, 5)
        if kind <= 2:
            return {"type": "has_tag", "params": {"tag_id": self._tag()}}
        if kind == 3:
            return {"type": "on_list", "params": {"list_id": self._list()}}
        if kind == 4:
            return self._field(self.things.text, "equals", value=self.random.choice(["red", "blue"]))
        return self._field(self.things.number, "greater", value=self.random.randint(0, 8))

    def _field(self, field_id: int, operator: str, **params: Any) -> Json:
        return {"type": "field", "params": {"field_id": field_id, "operator": operator, **params}}

    def _p_add_tag(self) -> Json:
        return {"tag_id": self._tag()}

    _p_remove_tag = _p_add_tag

    def _p_add_to_list(self) -> Json:
        return {"list_id": self._list()}

    _p_remove_from_list = _p_add_to_list

    def _p_update_field(self) -> Json:
        kind = self.random.randint(0, 2)
        if kind == 0:
            return {"field_id": self.things.text, "value": self.random.choice(["red", "blue", None])}
        if kind == 1:
            return {"field_id": self.things.number, "value": self.random.randint(0, 9)}
        return {"field_id": self.things.date, "value": self.random.choice(DATES)}

    def _p_calculate_field(self) -> Json:
        operation, value = self.random.choice([("add", 1), ("subtract", 3), ("multiply", 2)])
        return {"field_id": self.things.number, "operation": operation, "value": value}

    def _p_assign_owner(self) -> Json:
        return {"owner_ids": self.random.sample(self.things.users, self.random.randint(1, len(self.things.users)))}

    def _p_add_note(self) -> Json:
        return {"body": "Seen."}

    def _p_wait(self) -> Json:
        amount, unit = self.random.choice([(0, "minutes"), (30, "minutes"), (3, "hours"), (1, "days"), (1, "weeks")])
        return {"amount": amount, "unit": unit}

    def _p_wait_until(self) -> Json:
        amount = self.random.choice([None, 0, 2, 20])
        params: Json = {"condition": self.condition()}
        return params if amount is None else {**params, "timeout_amount": amount, "timeout_unit": "hours"}

    def _p_wait_for_time(self) -> Json:
        days = self.random.sample(model_steps.WEEKDAYS, self.random.randint(0, 3))
        window = self.random.choice([{"from_time": "08:30"}, {"from_time": "09:00", "to_time": "17:00"}])
        return {**window, "weekdays": days}

    def _p_wait_for_date(self) -> Json:
        return {
            "field_id": self.things.date,
            "days": self.random.choice([0, 1, 40]),
            "direction": self.random.choice(["before", "after"]),
            "at_time": "08:15",
            "is_yearly": self.random.random() < 0.5,
        }

    def _p_if_else(self) -> Json:
        return {"condition": self.condition()}

    def _p_split(self) -> Json:
        return {"percent": self.random.choice([0, 30, 50, 100])}

    def _p_goal(self) -> Json:
        return {
            "name": "Goal",
            "condition": self.condition(),
            "jump_from": self.random.choice(["steps_before", "anywhere"]),
            "without_match": self.random.choice(["wait", "go_on", "end"]),
        }

    def _p_go_to(self) -> Json:
        """Back to somewhere before, or on to what may come later."""
        return {
            "target": self.random.choice(self.ids),
            "at_most": self.random.randint(1, 4),
            "afterwards": self.random.choice(["end", "go_on"]),
        }

    def _p_branch(self) -> Json:
        count = self.random.randint(1, 3)
        return {"paths": [{"id": f"p{number}", "condition": self.condition()} for number in range(count)]}

    def _p_split_paths(self) -> Json:
        shares = self.random.choice([[None, None], [None, None, None], [20, 30, 50], [100, 0]])
        return {"paths": [{"id": f"p{number}", "percent": share} for number, share in enumerate(shares)]}

    def _p_start_automation(self) -> Json:
        return {"automation_id": self.random.choice(self.things.automations)}

    def _p_end_automation(self) -> Json:
        return {"automation_id": self.random.choice([None, *self.things.automations])}

    def _p_end(self) -> Json:
        return {}


Deed = tuple[str, Any, Any]


def deeds(random: Random, things: Things) -> list[Deed]:
    """What may happen in one moment, in this order, to those whom it happens to."""
    found: list[Deed] = []
    for _ in range(4):
        kind = random.randint(0, 7)
        if kind <= 1:
            found.append(("add_tag", random.choice(things.tags), None))
        elif kind == 2:
            found.append(("remove_tag", random.choice(things.tags), None))
        elif kind == 3:
            found.append(("set_field", things.number, random.randint(0, 9)))
        elif kind == 4:
            found.append(("set_field", things.text, random.choice(["red", "blue"])))
        elif kind == 5:
            found.append((random.choice(["subscribe", "unsubscribe"]), random.choice(things.lists), None))
        elif kind == 6:
            found.append(("set_field", things.date, random.choice(DATES)))
        else:
            found.append((random.choice(["enter", "remove"]), random.choice(things.automations), None))
    return found


def moments(random: Random, start: datetime, count: int) -> list[datetime]:
    """When the world is looked at: close together and far apart."""
    found: list[datetime] = []
    for _ in range(count):
        start += random.choice(
            [timedelta(minutes=10), timedelta(hours=1), timedelta(hours=5), timedelta(days=1), timedelta(days=8)]
        )
        found.append(start)
    return found
