"""The rules by which a request is a scanner's, over all that one recipient's mail has caused lately.

Pure: the same requests always get the same verdicts. What a request alone says is in signs.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from waypost.delivery.signs import Asked, Verdict

WINDOW = timedelta(seconds=5)
"""After that, nothing that would tell a scanner is expected any more."""
COMPANY = timedelta(minutes=1)
NEAR_HEAD = timedelta(seconds=20)
NEAR_HONEYPOT = timedelta(seconds=30)
SAME_VISIT = timedelta(seconds=10)
BURST = timedelta(seconds=3)
BURST_LINKS = 3
PAIR = timedelta(seconds=1)
FRESH = timedelta(minutes=2)
CLICK_AT_ONCE = timedelta(seconds=2)
CLICK_UNSEEN = timedelta(seconds=5)
OPEN_AT_ONCE = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as kept, and when its mail was taken over by the recipient's server."""

    ledger_id: int
    at: datetime
    id: int
    link: int
    kind: int
    sign: int
    verdict: int
    told_at: datetime | None
    network: str | None
    sent_at: datetime | None

    def since_sent(self) -> timedelta | None:
        return None if self.sent_at is None else self.at - self.sent_at


def judge_row(events: Sequence[Seen], now: datetime) -> Iterator[tuple[Seen, Verdict]]:
    """The verdicts that change. What a scanner is known to have done stays so; who vouched for a person is believed."""
    tells = [event for event in events if event.kind in (Asked.HONEYPOT, Asked.HEAD) or event.sign == Verdict.SCANNER]
    opens = [event for event in events if event.kind == Asked.OPEN]
    clicks = [event for event in events if event.kind == Asked.CLICK]
    scanned: list[Seen] = []
    for event in clicks:
        if event.sign == Verdict.UNKNOWN:
            is_machine = _in_company(event, tells) or _in_burst(event, clicks) or _too_fast(event, opens)
            if is_machine:
                scanned.append(event)
            yield from _changed(event, is_machine, now)
    for event in opens:
        if event.sign == Verdict.UNKNOWN:
            is_machine = _in_company(event, tells) or _opened_at_once(event) or _same_visit(event, scanned)
            yield from _changed(event, is_machine, now)


def _changed(event: Seen, is_machine: bool, now: datetime) -> Iterator[tuple[Seen, Verdict]]:
    if event.verdict not in (Verdict.UNKNOWN, Verdict.HUMAN):
        return
    if is_machine:
        yield event, Verdict.SCANNER
    elif event.verdict == Verdict.UNKNOWN and event.at <= now - WINDOW:
        yield event, Verdict.HUMAN


def _in_company(event: Seen, tells: Sequence[Seen]) -> bool:
    """With a known scanner in its network and its minute, or with whoever took the honeypot at the same time."""
    for tell in tells:
        distance = abs(tell.at - event.at)
        if tell.kind == Asked.HONEYPOT and distance <= NEAR_HONEYPOT:
            return True
        reach = NEAR_HEAD if tell.kind == Asked.HEAD else COMPANY
        if event.network is not None and tell.network == event.network and distance <= reach:
            return True
    return False


def _in_burst(event: Seen, clicks: Sequence[Seen]) -> bool:
    """Several links within a moment; two are enough while the mail is fresh, people open two tabs later."""
    near = {click.link for click in clicks if abs(click.at - event.at) <= BURST}
    if len(near) >= BURST_LINKS:
        return True
    age = event.since_sent()
    return (age is None or age < FRESH) and any(
        click.link != event.link and abs(click.at - event.at) <= PAIR for click in clicks
    )


def _too_fast(event: Seen, opens: Sequence[Seen]) -> bool:
    age = event.since_sent()
    if age is None or age > CLICK_UNSEEN:
        return False
    return age <= CLICK_AT_ONCE or not any(item.at <= event.at for item in opens)


def _opened_at_once(event: Seen) -> bool:
    age = event.since_sent()
    return age is not None and age <= OPEN_AT_ONCE


def _same_visit(event: Seen, scanned: Sequence[Seen]) -> bool:
    return any(click.network == event.network and abs(click.at - event.at) <= SAME_VISIT for click in scanned)
