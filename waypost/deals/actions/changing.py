"""Changing deals, one or many in the same way: one statement for the rows, one COPY each for events and facts.

What changed is seen by comparing each row with what it was, under its lock; a deal that is already so gets neither
an event nor a fact, which makes a repeated change harmless.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

import asyncpg
import orjson
from msgspec import UNSET, UnsetType

from waypost.activities.actions import record_copy
from waypost.contacts.actions.row_fields import stored_values
from waypost.contacts.queries.companies import get_company
from waypost.contacts.queries.contacts import get_contact
from waypost.deals.facts import (
    DealFieldChanged,
    DealLost,
    DealOwnerChanged,
    DealReopened,
    DealStageChanged,
    DealUpdated,
    DealValueChanged,
    DealWon,
)
from waypost.deals.queries.fields import list_deal_fields
from waypost.deals.queries.pipelines import get_stage
from waypost.deals.types import Status
from waypost.identity.queries import get_user
from waypost.kernel.registry import Fact
from waypost.kernel.sql import Sql, join, sql
from waypost.kernel.tx import Tx

Event = tuple[int, str, dict[str, Any] | None]
"""Deal, kind and what it was and is."""


@dataclass(frozen=True, slots=True)
class DealChange:
    """What to change; what is UNSET stays. A stage brings its pipeline along; `fields` adds to what is there."""

    title: str | UnsetType = UNSET
    value: int | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    contact_id: int | None | UnsetType = UNSET
    company_id: int | None | UnsetType = UNSET
    owner_id: int | None | UnsetType = UNSET
    stage_id: int | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    lost_reason: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    probability: int | None | UnsetType = UNSET
    expected_on: date | None | UnsetType = UNSET
    fields: Mapping[int, object] | UnsetType = UNSET

    def given(self) -> dict[str, Any]:
        """What is to change, by column."""
        return {item.name: value for item in fields(self) if (value := getattr(self, item.name)) is not UNSET}


PLAIN = (
    "title",
    "value",
    "currency",
    "contact_id",
    "company_id",
    "owner_id",
    "description",
    "probability",
    "expected_on",
)
_TYPES = {
    "contact_id": "bigint",
    "company_id": "bigint",
    "owner_id": "bigint",
    "probability": "smallint",
    "expected_on": "date",
}
WATCHED = ("title", "value", "currency", "contact_id", "company_id", "owner_id", "probability", "expected_on")
"""Columns whose change is an event of its own, called like the column."""
QUIET = ("title", "contact_id", "company_id", "currency", "expected_on", "probability")
"""Columns whose change no trigger waits for."""


async def check_people(tx: Tx, given: Mapping[str, Any]) -> None:
    """Whoever is named is there."""
    if given.get("owner_id") is not None:
        await get_user(tx, given["owner_id"])
    if given.get("contact_id") is not None:
        await get_contact(tx, given["contact_id"])
    if given.get("company_id") is not None:
        await get_company(tx, given["company_id"])


async def change_deals(tx: Tx, which: Sql, change: DealChange) -> list[int]:
    """Change the deals that `which` yields (id); returns those that were there."""
    given = change.given()
    await check_people(tx, given)
    sets = [
        Sql("{column} = {value}" + _cast(name), {"column": Sql(name), "value": given[name]})
        for name in PLAIN
        if name in given
    ]
    if "stage_id" in given:
        stage = await get_stage(tx, given["stage_id"], pointer="/stage_id", lock=sql("for no key update"))
        sets.append(_placed(stage.id, stage.pipeline_id))
    if "status" in given:
        sets.append(_decided(given["status"], change.lost_reason))
    elif "lost_reason" in given:
        sets.append(sql("lost_reason = {reason}", reason=given["lost_reason"]))
    if "fields" in given:
        stored = stored_values(await list_deal_fields(tx), given["fields"])
        sets.append(sql("fields = jsonb_strip_nulls(d.fields || {patch}::jsonb)", patch=orjson.dumps(stored).decode()))
    rows = await tx.all(
        sql(
            """
            with prior as materialized (
                select * from deals.deal d where d.workspace_id = {workspace} and d.id in ({which}) order by d.id for update
            )
            update deals.deal d set {sets}, updated_at = {now}, touched_at = {now} from prior p
            where d.workspace_id = {workspace} and d.id = p.id
            returning to_jsonb(p) as was, to_jsonb(d) as now, d.id, d.contact_id
            """,
            which=which,
            sets=join(", ", sets or [sql("id = d.id")]),
        )
    )
    await _tell(tx, rows)
    return [row["id"] for row in rows]


def _cast(name: str) -> str:
    return "::" + _TYPES[name] if name in _TYPES else ""


def _placed(stage_id: int, pipeline_id: int) -> Sql:
    """Into the stage, on top of those who are there; who is in it keeps the place."""
    return sql(
        """
        stage_id = {stage_id}, pipeline_id = {pipeline_id},
        stage_entered_at = case when d.stage_id = {stage_id} then d.stage_entered_at else {now} end,
        rank = case when d.stage_id = {stage_id} then d.rank else {top} - 1 end
        """,
        stage_id=stage_id,
        pipeline_id=pipeline_id,
        top=top_of(stage_id),
    )


def top_of(stage_id: int) -> Sql:
    """The rank of what lies on top of a stage."""
    return sql(
        """
        coalesce((select min(o.rank) from deals.deal o where o.workspace_id = {workspace} and o.stage_id = {stage_id}), 0)
        """,
        stage_id=stage_id,
    )


def _decided(status: Status, reason: str | UnsetType) -> Sql:
    lost = "" if status is not Status.LOST or reason is UNSET else reason
    return sql(
        """
        status = {status}::smallint, lost_reason = {reason},
        closed_at = case when {status}::smallint = 0 then null when d.status = {status}::smallint then d.closed_at else {now} end
        """,
        status=int(status),
        reason=lost,
    )


async def _tell(tx: Tx, rows: Sequence[asyncpg.Record]) -> None:
    """Events of the deals, and facts of their contacts, for what is other than it was."""
    events = [event for row in rows for event in _events_of(row["id"], row["was"], row["now"])]
    await add_events(tx, events)
    facts = [
        (contact_id, fact)
        for row in rows
        for fact in _facts_of(row["was"], row["now"])
        for contact_id in _hearers(row["was"], row["now"], fact)
    ]
    if facts:
        await record_copy(tx, facts)
    if events:
        tx.wake("live")


def _events_of(deal_id: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Event]:
    for name in (*WATCHED, "stage_id", "status"):
        if was[name] != now[name]:
            data = {"old": was[name], "new": now[name]}
            if name == "status":
                data = {"old": Status(was[name]).word, "new": Status(now[name]).word, "reason": now["lost_reason"]}
            yield deal_id, name.removesuffix("_id").removesuffix("_on"), data
    for key in sorted({*was["fields"], *now["fields"]}):
        if was["fields"].get(key) != now["fields"].get(key):
            yield deal_id, "field", {"field_id": int(key), "old": was["fields"].get(key), "new": now["fields"].get(key)}


def _hearers(was: Mapping[str, Any], now: Mapping[str, Any], fact: Fact) -> list[int]:
    """The deal's contact; of a change of contact the former one too."""
    both = [now["contact_id"], was["contact_id"]] if isinstance(fact, DealUpdated) else [now["contact_id"]]
    return list(dict.fromkeys(contact_id for contact_id in both if contact_id is not None))


def _facts_of(was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Fact]:
    place = {"deal_id": now["id"], "pipeline_id": now["pipeline_id"]}
    if was["stage_id"] != now["stage_id"]:
        yield DealStageChanged(stage_id=now["stage_id"], deal_id=now["id"], old=was["stage_id"])
    if was["status"] != now["status"]:
        if now["status"] == Status.LOST:
            yield DealLost(**place, reason=now["lost_reason"] or None)
        else:
            yield (DealWon if now["status"] == Status.WON else DealReopened)(**place)
    if was["value"] != now["value"]:
        yield DealValueChanged(**place, old=was["value"], new=now["value"])
    if was["owner_id"] != now["owner_id"]:
        yield DealOwnerChanged(**place, old=was["owner_id"], new=now["owner_id"])
    if any(was[name] != now[name] for name in QUIET):
        yield DealUpdated(**place)
    for key in sorted({*was["fields"], *now["fields"]}):
        old, new = was["fields"].get(key), now["fields"].get(key)
        if old != new:
            yield DealFieldChanged(deal_field_id=int(key), deal_id=now["id"], old=old, new=new)


async def add_events(tx: Tx, events: Sequence[Event]) -> None:
    """What happened, by whoever acts."""
    if not events:
        return
    await tx.copy(
        "deals.event",
        ("workspace_id", "deal_id", "at", "kind", "data", "actor_kind", "actor_id"),
        (
            (tx.workspace_id, deal_id, tx.now, kind, data, tx.actor.number, tx.actor.id)
            for deal_id, kind, data in events
        ),
    )
