"""Bodies about limits, warm-up plans, quiet hours and frequency caps."""

from __future__ import annotations

from datetime import date, time
from typing import Annotated, Literal

import msgspec

from waypost.delivery.throttle import DAY, DOMAIN, HOUR, RELAY, SENDER, WORKSPACE, Limit
from waypost.delivery.throttle_rules import SendingRule
from waypost.delivery.warmup import WarmUp
from waypost.kernel.errors import invalid
from waypost.kernel.model import Model, Out

Scope = Literal["workspace", "relay", "sender", "domain"]
SCOPES: dict[str, int] = {"workspace": WORKSPACE, "relay": RELAY, "sender": SENDER, "domain": DOMAIN}
NAMES = {number: name for name, number in SCOPES.items()}
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000_000)]


class WarmUpBody(Model):
    starts_on: date
    first: Count = 50
    growth: Annotated[int, msgspec.Meta(ge=1, le=1_000)] = 50
    until: Count = 100_000


class LimitBody(Model):
    """Without any number the limit goes."""

    scope: Scope
    key: Annotated[str, msgspec.Meta(max_length=253)] = ""
    per_second: Count | None = None
    per_hour: Count | None = None
    per_day: Count | None = None
    warm_up: WarmUpBody | None = None

    def limit(self) -> Limit:
        key = self.key.strip().lower()
        if self.scope == "workspace" and key:
            raise invalid("/key", "A limit of the whole workspace has no key.")
        if self.scope in ("relay", "sender") and not key.isdigit():
            raise invalid("/key", "The key is the id of a mail server or sender.")
        if self.scope == "domain" and key != "*" and "." not in key:
            raise invalid("/key", "The key is a domain such as gmail.com, or * for any other.")
        plan = self.warm_up
        warm_up = WarmUp(plan.starts_on, plan.first, plan.growth, plan.until) if plan else None
        return Limit(SCOPES[self.scope], key, self.per_second, self.per_hour, self.per_day, warm_up)


class WarmUpOut(Out):
    starts_on: date
    first: int
    growth: int
    until: int


class LimitOut(Out):
    scope: Scope
    key: str
    per_second: int | None
    per_hour: int | None
    per_day: int | None
    warm_up: WarmUpOut | None
    allowed_today: int | None
    used_this_hour: int
    used_today: int

    @classmethod
    def of(cls, limit: Limit, used: dict[tuple[int, str, int], int], day: date) -> LimitOut:
        plan = limit.warm_up
        return cls(
            scope=NAMES[limit.scope],  # type: ignore[arg-type]
            key=limit.key,
            per_second=limit.per_second,
            per_hour=limit.per_hour,
            per_day=limit.per_day,
            warm_up=WarmUpOut(starts_on=plan.starts_on, first=plan.first, growth=plan.growth, until=plan.until)
            if plan
            else None,
            allowed_today=limit.on(DAY, day),
            used_this_hour=used.get((limit.scope, limit.key, HOUR), 0),
            used_today=used.get((limit.scope, limit.key, DAY), 0),
        )


class LimitList(Out):
    items: list[LimitOut]
    next: str | None = None
    total: int | None = None


Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$")]


def _time(text: str | None) -> time | None:
    return None if text is None else time.fromisoformat(text)


def _clock(at: time | None) -> str | None:
    return None if at is None else f"{at:%H:%M}"


class RuleBody(Model):
    quiet_from: Clock | None = None
    quiet_until: Clock | None = None
    cap_count: Annotated[int, msgspec.Meta(ge=1, le=1_000)] | None = None
    cap_days: Annotated[int, msgspec.Meta(ge=1, le=365)] | None = None
    cap_skips: bool = False

    def rule(self) -> SendingRule:
        if (self.quiet_from is None) != (self.quiet_until is None):
            raise invalid("/quiet_until", "Quiet hours need both a beginning and an end.")
        if self.quiet_from is not None and self.quiet_from == self.quiet_until:
            raise invalid("/quiet_until", "Quiet hours must end at another time than they begin.")
        if (self.cap_count is None) != (self.cap_days is None):
            raise invalid("/cap_days", "A frequency cap needs both a number of messages and of days.")
        return SendingRule(
            _time(self.quiet_from), _time(self.quiet_until), self.cap_count, self.cap_days, self.cap_skips
        )


class RuleOut(Out):
    quiet_from: str | None
    quiet_until: str | None
    cap_count: int | None
    cap_days: int | None
    cap_skips: bool

    @classmethod
    def of(cls, rule: SendingRule) -> RuleOut:
        return cls(
            quiet_from=_clock(rule.quiet_from),
            quiet_until=_clock(rule.quiet_until),
            cap_count=rule.cap_count,
            cap_days=rule.cap_days,
            cap_skips=rule.cap_skips,
        )
