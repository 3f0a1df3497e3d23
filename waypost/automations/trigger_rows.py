"""Triggers of a published version as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from waypost.automations.calendar import next_time
from waypost.automations.graph import TriggerDocument
from waypost.automations.triggers import CALENDAR, data_of, is_calendar, path_of, url_pattern
from waypost.kernel.tx import Tx

COLUMNS = (
    "workspace_id", "automation_id", "trigger_id", "kind", "object_id", "runs_once", "active_from", "created_at",
    "params", "condition", "data", "url_like", "next_at", "data_path",
)  # fmt: skip

Known = tuple[str, int, int | None]


def row_of(
    tx: Tx, automation_id: int, trigger: TriggerDocument, open_since: Mapping[Known, datetime], zone: ZoneInfo
) -> tuple[object, ...]:
    """The trigger's row. One that was open already stays open without a gap."""
    if is_calendar(trigger.type):
        word = tx.registry.trigger_words[trigger.type]
        params = msgspec.convert(trigger.params, word.params)
        timing = {"type": trigger.type, **trigger.params}
        return (
            tx.workspace_id, automation_id, trigger.id, CALENDAR, None, trigger.runs == "once", tx.now, tx.now,
            timing, trigger.condition, None, None, next_time(params, after=tx.now, zone=zone), None,
        )  # fmt: skip
    fact, word = tx.registry.facts[trigger.type], tx.registry.trigger_words.get(trigger.type)
    object_id = trigger.params.get(fact.object) if fact.object else None
    since = open_since.get((trigger.id, fact.kind, object_id), tx.now)
    return (
        tx.workspace_id, automation_id, trigger.id, fact.kind, object_id, trigger.runs == "once", since, tx.now,
        trigger.params, trigger.condition, data_of(word, trigger.params), url_pattern(trigger.params), None,
        path_of(word, trigger.params),
    )  # fmt: skip
