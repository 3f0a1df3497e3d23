"""Who of a claimed batch may go now, and when the others may: quiet hours, frequency caps, limits by window.

Judged under the lock of the workspace's rule, in the transaction that claims, so that several workers together
keep every limit exactly: a message counts when it is let through, whatever becomes of it. Those held back are
spread over the windows to come, so that each is looked at about once more, and its time can be shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from waypost.delivery.warmup import WarmUp

HELD = "Waits: "
"""How the reason of a message that is held back begins, in the ledger."""
DAY, HOUR, SECOND = 86_400, 3_600, 1
WORKSPACE, RELAY, SENDER, DOMAIN = 1, 2, 3, 4
ANY_DOMAIN = "*"
FAR = 4_000
"""Windows that are looked through for a free place, at most."""


@dataclass(frozen=True, slots=True)
class Limit:
    """How many messages a server, a sender, a recipient domain or everybody may get through in a window."""

    scope: int
    key: str
    per_second: int | None
    per_hour: int | None
    per_day: int | None
    warm_up: WarmUp | None

    def on(self, seconds: int, day: date) -> int | None:
        if seconds == SECOND:
            return self.per_second
        if seconds == HOUR:
            return self.per_hour
        warm = self.warm_up.limit_on(day) if self.warm_up else None
        given = [count for count in (self.per_day, warm) if count is not None]
        return min(given, default=None)

    @property
    def windows(self) -> Sequence[int]:
        has_day = self.per_day is not None or self.warm_up is not None
        given = ((SECOND, self.per_second is not None), (HOUR, self.per_hour is not None), (DAY, has_day))
        return [seconds for seconds, is_given in given if is_given]


@dataclass(frozen=True, slots=True)
class Rules:
    """All that a workspace has laid down."""

    zone: ZoneInfo
    quiet: tuple[time, time] | None
    """By the contact's own clock where the zone is known, else by the workspace's."""
    cap: tuple[int, int] | None
    """So many messages in so many days to one contact."""
    cap_skips: bool
    limits: Mapping[tuple[int, str], Limit]

    def quiet_until(self, now: datetime, zone: ZoneInfo) -> datetime | None:
        """The end of the quiet hours that `now` lies in, by the clock of the zone."""
        if self.quiet is None:
            return None
        begins, ends = self.quiet
        local = now.astimezone(zone)
        clock = local.time()
        is_quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        if not is_quiet:
            return None
        day = local.date() + timedelta(days=1 if begins > ends and clock >= begins else 0)
        return datetime.combine(day, ends, zone)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A message that could go out now."""

    id: int
    contact_id: int | None
    is_exempt: bool
    """Counted, but never held: a test, or a question whether somebody wants mail."""
    keys: Sequence[tuple[int, str]]
    """The limits it falls under."""


@dataclass(slots=True)
class Quota:
    """What has been used of a limit in its current window, and how far the later ones have been given away."""

    limit: Limit
    seconds: int
    window: int
    used: int = 0
    planned_window: int = 0
    planned: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """Not now: why, and when, or never."""

    reason: str
    until: datetime | None


@dataclass(slots=True)
class Judge:
    """Lets candidates through one by one."""

    rules: Rules
    now: datetime
    quotas: Mapping[tuple[int, str, int], Quota]
    mailed: Mapping[int, list[datetime]] = field(default_factory=dict[int, list[datetime]])
    """For each contact when messages went out within the cap's days, the oldest first; those under way count now."""
    zones: Mapping[int, ZoneInfo] = field(default_factory=dict[int, ZoneInfo])
    """The zones of contacts who do not live by the workspace's clock."""
    _quiet: dict[ZoneInfo, datetime | None] = field(default_factory=dict[ZoneInfo, "datetime | None"])

    def decide(self, candidates: Iterable[Candidate]) -> dict[int, Hold]:
        """Those to hold back, by id."""
        held: dict[int, Hold] = {}
        for candidate in candidates:
            hold = None if candidate.is_exempt else self._hold(candidate)
            if hold is None:
                self._count(candidate)
            else:
                held[candidate.id] = hold
        return held

    def _hold(self, candidate: Candidate) -> Hold | None:
        quiet = self._quiet_until(candidate)
        if quiet is not None:
            return Hold(f"{HELD}quiet hours until {quiet:%H:%M}.", quiet)
        return self._capped(candidate) or self._limited(candidate)

    def _quiet_until(self, candidate: Candidate) -> datetime | None:
        zone = self.zones.get(candidate.contact_id or 0, self.rules.zone)
        if zone not in self._quiet:
            self._quiet[zone] = self.rules.quiet_until(self.now, zone)
        return self._quiet[zone]

    def _capped(self, candidate: Candidate) -> Hold | None:
        if self.rules.cap is None or candidate.contact_id is None:
            return None
        count, days = self.rules.cap
        times = self.mailed.get(candidate.contact_id, [])
        if len(times) < count:
            return None
        words = f"the contact has had {count} messages in {days} days (frequency cap)."
        if self.rules.cap_skips:
            return Hold(words.capitalize(), None)
        return Hold(HELD + words, times[len(times) - count] + timedelta(days=days))

    def _limited(self, candidate: Candidate) -> Hold | None:
        full = [quota for quota in self._quotas(candidate) if self._is_full(quota)]
        if not full:
            return None
        until, quota = max(((self._plan(quota), quota) for quota in full), key=lambda found: found[0])
        limit = quota.limit.on(quota.seconds, self.now.astimezone(self.rules.zone).date())
        return Hold(f"{HELD}limit of {limit} {WINDOW_NAMES[quota.seconds]} {_name(quota.limit)}.", until)

    def _quotas(self, candidate: Candidate) -> Iterable[Quota]:
        for scope, key in candidate.keys:
            for seconds in (SECOND, HOUR, DAY):
                quota = self.quotas.get((scope, key, seconds))
                if quota is not None:
                    yield quota

    def _count(self, candidate: Candidate) -> None:
        for quota in self._quotas(candidate):
            quota.used += 1
        if self.rules.cap is not None and candidate.contact_id is not None and not candidate.is_exempt:
            times = self.mailed.get(candidate.contact_id)
            if times is not None:
                times.append(self.now)

    def _is_full(self, quota: Quota) -> bool:
        limit = self._limit(quota, quota.window)
        return limit is not None and quota.used >= limit

    def _limit(self, quota: Quota, window: int) -> int | None:
        day = date.fromordinal(window) if quota.seconds == DAY else date.min
        return quota.limit.on(quota.seconds, day)

    def _plan(self, quota: Quota) -> datetime:
        """The next place in a later window."""
        if quota.planned_window <= quota.window:
            quota.planned_window, quota.planned = quota.window + 1, 0
        for _ in range(FAR):
            limit = self._limit(quota, quota.planned_window)
            if limit is None or quota.planned < limit:
                break
            quota.planned_window, quota.planned = quota.planned_window + 1, 0
        limit = self._limit(quota, quota.planned_window)
        place = self._moment(quota, limit)
        quota.planned += 1
        return place

    def _moment(self, quota: Quota, limit: int | None) -> datetime:
        """Days keep the time of day; seconds and hours are filled evenly."""
        if quota.seconds == DAY:
            local = self.now.astimezone(self.rules.zone)
            return local + timedelta(days=quota.planned_window - quota.window)
        share = quota.planned / limit if limit else 0.0
        start = datetime.fromtimestamp(quota.planned_window * quota.seconds, self.now.tzinfo)
        return start + timedelta(seconds=quota.seconds * share)


WINDOW_NAMES = {SECOND: "a second", HOUR: "an hour", DAY: "a day"}


def _name(limit: Limit) -> str:
    if limit.scope == DOMAIN:
        return "to one domain" if limit.key == ANY_DOMAIN else f"to {limit.key}"
    return {WORKSPACE: "in all", RELAY: "by this mail server", SENDER: "from this sender"}[limit.scope]


def window_of(seconds: int, now: datetime, zone: ZoneInfo) -> int:
    """The number of the window that `now` lies in: a day by the workspace's clock, else seconds since 1970."""
    if seconds == DAY:
        return now.astimezone(zone).date().toordinal()
    return int(now.timestamp()) // seconds
