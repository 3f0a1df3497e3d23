"""Questions that need no data: a stable share of the contacts, and what day and time it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from typing import Annotated
from zoneinfo import available_timezones

import msgspec

from waypost.contacts.comparing import next_of
from waypost.contacts.conditions.details import living, of_contact
from waypost.kernel.clock import Clock
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition
from waypost.kernel.sql import Sql, and_, sql
from waypost.kernel.tx import ReadTx

Percent = Annotated[float, msgspec.Meta(ge=0, le=100)]
Weekday = Annotated[int, msgspec.Meta(ge=1, le=7)]


class RandomBucket(Model):
    """The same contacts every time; another seed gives another draw. 0 to 20 and 20 to 100 share nobody."""

    to_percent: Percent = 50.0
    from_percent: Percent = 0.0
    seed: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0


class NowIs(Model):
    """On these weekdays (Monday is 1, none means any), from one time of day until another."""

    weekdays: Annotated[list[Weekday], msgspec.Meta(max_length=7)] = []
    from_time: Clock = "00:00"
    to_time: Clock = "00:00"
    timezone: str = "UTC"


def _bucket(params: RandomBucket, contact_id: Sql) -> Sql:
    """0 to 100 with two decimals, by the contact's id."""
    return sql(
        "((hashint8extended({contact_id}::bigint, {seed}) & 1073741823) % 10000) / 100.0",
        contact_id=contact_id,
        seed=params.seed,
    )


def _in_bucket(params: RandomBucket, contact_id: Sql) -> Sql:
    return of_contact(_drawn(params, sql("cf.id")), contact_id)


def _drawn(params: RandomBucket, contact_id: Sql) -> Sql:
    return sql(
        "({bucket} >= {start} and {bucket} < {end})",
        bucket=_bucket(params, contact_id),
        start=params.from_percent,
        end=params.to_percent,
    )


def _share(params: RandomBucket) -> Sql:
    return living(_drawn(params, sql("cf.id")))


def _explain_bucket(params: RandomBucket, contact_id: Sql) -> Sql:
    return sql("to_jsonb({bucket})", bucket=_bucket(params, contact_id))


async def _resolve(tx: ReadTx, many: Sequence[NowIs]) -> list[NowIs | Problem]:
    del tx
    known = available_timezones()
    return [
        params
        if params.timezone in known
        else Problem("/timezone", f"There is no time zone {params.timezone}.", "contacts.timezone_unknown")
        for params in many
    ]


def _local(params: NowIs) -> Sql:
    return sql("({now} at time zone {timezone})", timezone=params.timezone)


def _now_is(params: NowIs, contact_id: Sql) -> Sql:
    """An end not after the start lies on the next day; that night belongs to the day on which it began."""
    del contact_id
    start, end = time.fromisoformat(params.from_time), time.fromisoformat(params.to_time)
    local = _local(params)
    clock = sql("{local}::time", local=local)
    days = sorted(set(params.weekdays)) or list(range(1, 8))
    today = sql("extract(isodow from {local})::int = any({days}::bigint[])", local=local, days=days)
    if start < end:
        return and_(today, sql("{clock} >= {start} and {clock} < {end}", clock=clock, start=start, end=end))
    before = sql("extract(isodow from {local} - interval '1 day')::int = any({days}::bigint[])", local=local, days=days)
    return sql(
        "(({clock} >= {start} and {today}) or ({clock} < {end} and {before}))",
        clock=clock,
        start=start,
        end=end,
        today=today,
        before=before,
    )


def _everyone_now(params: NowIs) -> Sql:
    return living(_now_is(params, sql("cf.id")))


def _due(params: NowIs, contact_id: Sql) -> Sql:
    """The next time of day at which a span begins or ends."""
    del contact_id
    moments = [
        sql(
            "((date_trunc('day', {local}) + {clock}::interval + {ahead} * interval '1 day') at time zone {timezone})",
            local=_local(params),
            clock=time.fromisoformat(clock),
            ahead=ahead,
            timezone=params.timezone,
        )
        for ahead in (0, 1)
        for clock in sorted({params.from_time, params.to_time})
    ]
    return next_of(moments)


def _explain_now(params: NowIs, contact_id: Sql) -> Sql:
    del contact_id
    return sql("to_jsonb(to_char({local}, 'Dy YYYY-MM-DD HH24:MI'))", local=_local(params))


MOMENTS = (
    Condition(
        "random_bucket",
        "Is in a random share",
        "Other",
        RandomBucket,
        _in_bucket,
        members=_share,
        explain=_explain_bucket,
        sentence="is in the random share from {from_percent} to {to_percent} %",
    ),
    Condition(
        "now_is",
        "Now is a day and time",
        "Other",
        NowIs,
        _now_is,
        time_bound=True,
        resolve=_resolve,
        members=_everyone_now,
        due=_due,
        explain=_explain_now,
        sentence="now is[ {weekdays}] {from_time}–{to_time} ({timezone})",
    ),
)
