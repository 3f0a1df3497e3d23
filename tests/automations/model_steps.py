"""What each kind of step does to one contact, in plain words."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any
from zlib import crc32

from tests.automations.flow import Json
from tests.automations.model_person import holds

if TYPE_CHECKING:
    from tests.automations.model import Walk

UNITS = {"minutes": 1, "hours": 60, "days": 24 * 60, "weeks": 7 * 24 * 60}
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SPACE = 2**64


def exits(step: Json) -> tuple[str, ...]:
    """The named ways out that have arms."""
    match step["type"]:
        case "if_else":
            return ("yes", "no")
        case "wait_until":
            return ("met", "timed_out")
        case "split":
            return ("a", "b")
        case "goal":
            return ("met",) if step["params"].get("without_match") == "end" else ("met", "not_met")
        case "branch":
            return (*(path["id"] for path in step["params"]["paths"]), "otherwise")
        case "split_paths":
            return tuple(path["id"] for path in step["params"]["paths"])
        case _:
            return ()


def leaps(step: Json) -> dict[str, str | None]:
    """The named ways out that lead elsewhere: to a step by its id, or to the end."""
    params = step["params"]
    if step["type"] == "goal" and params.get("without_match") == "end":
        return {"not_met": None}
    if step["type"] == "go_to":
        return {"again": params["target"]} | ({"over": None} if params["afterwards"] == "end" else {})
    return {}


def open_ways(step: Json, ways: dict[str, str | None]) -> list[str | None]:
    """Where a contact may go from the step."""
    if step["type"] == "end":
        return []
    named = [target for name, target in ways.items() if name]
    if step["type"] == "go_to" and step["params"]["afterwards"] == "go_on":
        return [*named, ways[""]]
    return named or [ways[""]]


def do(walk: Walk, step: Json) -> tuple[Any, ...]:
    """("go", exit), ("end",), ("until", moment), ("hold", condition, deadline, is_met) or ("park", reason)."""
    return globals()[f"do_{step['type']}"](walk, step, step["params"])


def do_add_tag(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    walk.person.add_tag(params["tag_id"])
    return ("go", "")


def do_remove_tag(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    walk.person.remove_tag(params["tag_id"])
    return ("go", "")


def do_update_field(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    walk.person.set_field(params["field_id"], params.get("value"))
    return ("go", "")


def do_add_to_list(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    walk.person.subscribe(params["list_id"])
    return ("go", "")


def do_remove_from_list(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    walk.person.unsubscribe(params["list_id"])
    return ("go", "")


def do_assign_owner(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    owners = params["owner_ids"]
    walk.person.assign(owners[walk.person.id % len(owners)])
    return ("go", "")


def do_add_note(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    walk.person.say("note_added")
    return ("go", "")


def do_if_else(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    return ("go", "yes" if holds(params["condition"], walk.person) else "no")


def do_split(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    return ("go", "a" if chance(walk, step) < params["percent"] / 100 else "b")


def chance(walk: Walk, step: Json) -> float:
    """The contact's lot on this step, from 0 up to 1: splitmix64 of contact and step."""
    seed = crc32(f"{walk.run.flow.id}:{step['id']}".encode()) * 2**24
    mixed = ((walk.person.id ^ seed) * 0x9E3779B97F4A7C15) % SPACE
    mixed = ((mixed ^ (mixed >> 31)) * 0xBF58476D1CE4E5B9) % SPACE
    return (mixed ^ (mixed >> 32)) / SPACE


def do_goal(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    run, goal = walk.run, step["id"]
    is_met = goal in run.met or holds(params["condition"], walk.person)
    if is_met and goal not in run.reached:
        run.met.add(goal)
        run.reached.add(goal)
        walk.person.say("goal_reached", run.flow.id)
    if params.get("without_match", "wait") == "wait":
        return ("hold", params["condition"], None, is_met)
    if not is_met:
        walk.person.say("goal_skipped", run.flow.id)
    return ("go", "met" if is_met else "not_met")


def do_start_automation(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    walk.call("start", params["automation_id"])
    return ("go", "")


def do_end_automation(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    if params.get("automation_id") == walk.run.flow.id:
        return ("end",)
    walk.call("end", params.get("automation_id"))
    return ("go", "")


def do_end(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    return ("end",)


def do_wait(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    return ("until", walk.person.now + timedelta(minutes=params["amount"] * UNITS[params["unit"]]))


def do_wait_until(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    timeout = None
    if params.get("timeout_amount") is not None:
        timeout = walk.person.now + timedelta(minutes=params["timeout_amount"] * UNITS[params["timeout_unit"]])
    return ("hold", params["condition"], timeout, False)


def do_wait_for_time(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    """Minute by minute, until the clock on the wall is inside the window (clocks here are UTC's)."""
    at = walk.person.now
    opens = params.get("from_time", "09:00")
    closes = params.get("to_time") or f"{int(opens[:2]) + 1:02}{opens[2:]}"
    days = params.get("weekdays") or WEEKDAYS
    while not (opens <= at.strftime("%H:%M") < closes and WEEKDAYS[at.weekday()] in days):
        at = at.replace(second=0, microsecond=0) + timedelta(minutes=1)
    return ("until", at)


def do_wait_for_date(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    if params["field_id"] not in walk.world.dates:
        raise AssertionError("not a date")
    value, now = walk.person.fields.get(params["field_id"]), walk.person.now
    if value is None:
        return ("movable", now)
    shift = timedelta(days=params.get("days", 0) * (1 if params.get("direction") == "after" else -1))
    clock = time.fromisoformat(params.get("at_time", "09:00"))

    def moment(day: date) -> datetime:
        return datetime.combine(day + shift, clock, UTC)

    day = date.fromisoformat(value[:10])
    if not params.get("is_yearly"):
        return ("movable", max(moment(day), now))
    while moment(day) < now or day.year < now.year - 1:
        month_day = (2, 28) if value[5:10] == "02-29" and (day.year + 1) % 4 else (int(value[5:7]), int(value[8:10]))
        day = date(day.year + 1, *month_day)
    return ("movable", moment(day))


def do_go_to(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    now = walk.person.now
    turns = walk.run.turns.setdefault(step["id"], [])
    today = [at for at in turns if at > now - timedelta(days=1)]
    just_now = [at for at in turns if at > now - timedelta(minutes=1)]
    if len(today) >= params["at_most"] or len(just_now) >= 3:
        walk.person.say("loop_ended", walk.run.flow.id)
        return ("go", "over")
    turns.append(now)
    return ("go", "again")


def do_branch(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    for path in params["paths"]:
        if holds(path["condition"], walk.person):
            return ("go", path["id"])
    return ("go", "otherwise")


def do_split_paths(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    lot, limit = chance(walk, step), 0.0
    for path in params["paths"]:
        limit += 1 / len(params["paths"]) if path.get("percent") is None else path["percent"] / 100
        if lot < limit:
            return ("go", path["id"])
    return ("go", params["paths"][-1]["id"])


def do_calculate_field(walk: Walk, step: Json, params: Json) -> tuple[Any, ...]:
    old = walk.person.fields.get(params["field_id"], 0)
    new = {"add": old + params["value"], "subtract": old - params["value"], "multiply": old * params["value"]}
    if params["operation"] == "multiply" and params["field_id"] not in walk.person.fields:
        return ("go", "")
    walk.person.set_field(params["field_id"], new[params["operation"]])
    return ("go", "")
