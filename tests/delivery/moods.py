"""A mail server's moods: what a sink is told to do at random."""

from __future__ import annotations

import random


class Sometimes(set[str]):
    """Holds an address now and then."""

    def __init__(self, dice: random.Random, share: float) -> None:
        super().__init__()
        self.dice, self.share = dice, share

    def __contains__(self, item: object) -> bool:
        return self.dice.random() < self.share


class Moody(dict[str, str]):
    """Answers an address badly now and then; some addresses are always unknown."""

    def __init__(self, dice: random.Random, share: float, *, knows_all: bool) -> None:
        super().__init__()
        self.dice, self.share, self.knows_all = dice, share, knows_all

    def get(self, key: str, default: str = "") -> str:  # type: ignore[override]
        if not self.knows_all and is_unknown(key):
            return "550 5.1.1 unknown"
        return "451 4.7.1 later" if self.dice.random() < self.share else default


def is_unknown(address: str) -> bool:
    return int(address.partition("@")[0].rpartition("-")[2]) % 40 == 0
