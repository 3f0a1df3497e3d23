"""What is the same for everyone who gets a message on one day: the date, and who sends it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from waypost.messages.filters import format_day

_TODAY = re.compile(r"TODAY(?:(?P<days>[+-]\d{1,4}))?")
SAMPLE_SENDER = "Your company, 1 Example Street, London W1S 1AB"


@dataclass(frozen=True, slots=True)
class Constants:
    """`sender_info` is the postal address of the sender, in lines."""

    today: date
    sender_info: str = ""

    def find(self, name: str) -> str | None:
        """What stands for the tag, or None where it is none of these."""
        if name == "SENDER-INFO":
            return self.sender_info
        if name == "SENDER-INFO-SINGLELINE":
            return ", ".join(line.strip(" ,") for line in self.sender_info.splitlines() if line.strip(" ,"))
        day = self._day(name)
        return None if day is None else spelled(day)

    def day(self, name: str, shape: str) -> str:
        """TODAY, or so many days from it, written as the shape says (`d/m/Y`)."""
        day = self._day(name)
        return "" if day is None else format_day(day.isoformat(), shape)

    def _day(self, name: str) -> date | None:
        found = _TODAY.fullmatch(name)
        return None if found is None else self.today + timedelta(days=int(found["days"] or 0))


def spelled(day: date) -> str:
    """A day that nobody reads the wrong way round: 3 February 2027."""
    return f"{day.day} {day:%B %Y}"
