"""What explanations say, in words: for the API, the admin UI and the command line alike."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from waypost.automations.explain import Cause, Check, Explanation

_STATES: dict[Cause, str] = {
    "waits_for_time": "Waits at this step until {at}.",
    "waits_for_condition": "Waits at this step until the condition below holds{until}.",
    "waits_for_server": "Waits for the answer of another server{until}.",
    "due": "Is about to move: the engine takes it up with its next batch.",
    "held": "Stands still, because the automation is not running. It moves on once it is started again.",
    "parked": "Was set aside at this step: {error}",
    "completed": "Has reached the end, on {at}.",
    "exited": "Has left, on {at}.",
}

_FAILED: dict[Cause, str] = {
    "contact_deleted": "The contact was deleted.",
    "inactive": "The automation is not running.",
    "entered_by_hand_only": "Nothing starts this automation by itself: contacts are added by hand, by the API or by another automation.",
    "never_triggered": "What starts the automation has never happened to this contact.",
    "before_start": "It happened on {at}, before the automation was started on {limit}. Only what happens afterwards counts.",
    "trigger_condition": "It happened, but the contact does not meet the trigger's condition.",
    "entry_condition": "The contact does not meet the automation's entry condition.",
    "suppressed": "The contact is among those who never enter.",
    "held_out": "The contact is in the group that is held back for comparison.",
    "once_only": "The contact has entered before{on}, and may enter only once.",
    "not_read_yet": "Nothing keeps the contact out: it enters once the log is read up to here, unless there was no room when it happened.",
}

_PASSED: dict[Cause, str] = {
    "inactive": "The automation is running.",
    "never_triggered": "What starts it has happened{on}.",
    "entry_condition": "The contact meets the entry condition.",
    "suppressed": "The contact is not among those who never enter.",
    "held_out": "The contact is not held back.",
    "once_only": "The contact may enter.",
}


def say_summary(found: Explanation, zone: ZoneInfo) -> str:
    """The cause as a sentence."""
    run = found.run
    if found.cause in _STATES and run is not None:
        at = found.moves_at if found.is_inside else run.finished_at
        return _STATES[found.cause].format(
            at=_moment(at, zone) or "an unknown time",
            until=f", at the latest {_moment(at, zone)}" if at is not None else "",
            error=run.error or "a step failed.",
        )
    check = next((check for check in found.checks if check.name == found.cause and not check.passed), None)
    return say_check(check or Check(found.cause, passed=False), zone)


def say_check(check: Check, zone: ZoneInfo) -> str:
    """What was looked at, and how it turned out."""
    text = (_PASSED if check.passed else _FAILED)[check.name]
    at = _moment(check.at, zone)
    return text.format(at=at, on=f", on {at}" if at else "", limit=_moment(check.limit_at, zone))


def _moment(at: datetime | None, zone: ZoneInfo) -> str:
    return "" if at is None else f"{at.astimezone(zone):%d %B %Y, %H:%M} ({zone.key})"
