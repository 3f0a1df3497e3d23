"""Wait for a date that stands in a field: "three days before the renewal, at 9:00".

Dates are days of the workspace's calendar, or of the contact's own where it says so; a date that changes
meanwhile moves the wait. Who has no date, or whose moment is past, goes on at once;
with `is_yearly` the day and month count and the next one is always ahead (29 February is kept on the
28th in other years).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import msgspec

from waypost.contacts.dates import DATE_TYPES
from waypost.contacts.facts import ContactUpdated, FieldChanged
from waypost.contacts.queries.fields import get_field
from waypost.contacts.queries.places import list_zones
from waypost.identity.queries import get_workspace
from waypost.kernel.clock import Clock, at_local
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Fact, Step, Wait
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

MAX_DAYS = 3_650


class WaitForDateParams(Model):
    """`days` before, on (0) or after the date."""

    field_id: Annotated[int, msgspec.Meta(ge=1)]
    days: Annotated[int, msgspec.Meta(ge=0, le=MAX_DAYS)] = 0
    clock: Literal["workspace", "contact"] = "workspace"
    direction: Literal["before", "after"] = "before"
    at_time: Clock = "09:00"
    is_yearly: bool = False


def moment(given: date, params: WaitForDateParams, *, now: datetime, zone: ZoneInfo) -> datetime | None:
    """When a contact with this date goes on; None when that is past."""
    shift = timedelta(days=params.days if params.direction == "after" else -params.days)
    if not params.is_yearly:
        due = at_local(given + shift, params.at_time, zone)
        return due if due >= now else None
    year = now.astimezone(zone).year
    # The shift may move a day of next year into this one, and a day of last year too.
    moments = (at_local(in_year(given, each) + shift, params.at_time, zone) for each in range(year - 10, year + 12))
    return min((due for due in moments if due >= now), default=None)


def in_year(given: date, year: int) -> date:
    """The same day and month in another year."""
    try:
        return given.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


async def run(tx: Tx, batch: Batch, params: WaitForDateParams) -> Wait:
    field = await get_field(tx, params.field_id)
    if field.type not in DATE_TYPES:
        batch.park(batch.contact_ids, f"{field.name} is not a date.")
        return Wait(tx.now)
    zones = {ZoneInfo((await get_workspace(tx)).time_zone): list(batch.contact_ids)}
    if params.clock == "contact":
        zones = await list_zones(tx, batch.contact_ids)
    zone_of = {contact_id: zone for zone, ids in zones.items() for contact_id in ids}
    until: dict[int, datetime] = {}
    for contact_id, text in await _values(tx, params.field_id, batch.contact_ids):
        zone = zone_of[contact_id]
        day = _day(text, zone)
        due = None if day is None else moment(day, params, now=tx.now, zone=zone)
        if due is not None:
            until[contact_id] = due
    return Wait(until, is_movable=True)


def wakes(params: WaitForDateParams) -> Sequence[tuple[type[Fact], int | None]]:
    """Another date moves the wait, and so does another place."""
    place: list[tuple[type[Fact], int | None]] = [(ContactUpdated, None)] if params.clock == "contact" else []
    return [(FieldChanged, params.field_id), *place]


async def _values(tx: Tx, field_id: int, contact_ids: Sequence[int]) -> list[tuple[int, str]]:
    rows = await tx.all(
        sql(
            """
            select id, fields ->> {key} as value from contacts.contact
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and fields ->> {key} is not null
            """,
            key=str(field_id),
            ids=list(contact_ids),
        )
    )
    return [(row["id"], row["value"]) for row in rows]


def _day(text: str, zone: ZoneInfo) -> date | None:
    """The day a stored value means: a date as it is, a time by the workspace's calendar."""
    try:
        return date.fromisoformat(text) if len(text) == len("2026-01-31") else _local(text, zone)
    except ValueError:
        return None


def _local(text: str, zone: ZoneInfo) -> date:
    at = datetime.fromisoformat(text)
    return at.date() if at.tzinfo is None else at.astimezone(zone).date()


WAIT_FOR_DATE = Step(
    type="wait_for_date",
    label="Wait for a date",
    group="flow",
    icon="calendar",
    params=WaitForDateParams,
    run=run,
    wakes=wakes,
    reads=True,
)
