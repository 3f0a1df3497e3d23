"""Chance that stays: a hash of contact and place, so that asking again gives the same."""

from __future__ import annotations

from collections.abc import Sequence

WHOLE = 100
_MASK = 0xFFFFFFFFFFFFFFFF
_MIX = 0x9E3779B97F4A7C15
_MIX_AGAIN = 0xBF58476D1CE4E5B9


def lots(contact_ids: Sequence[int], *, seed: int) -> list[float]:
    """Everyone's lot from 0 up to 1: the two multiplications spread neighbouring ids evenly (splitmix64)."""
    found: list[float] = []
    for contact_id in contact_ids:
        mixed = ((contact_id ^ seed) * _MIX) & _MASK
        mixed = ((mixed ^ (mixed >> 31)) * _MIX_AGAIN) & _MASK
        found.append((mixed ^ (mixed >> 32)) / _MASK)
    return found


def in_first(contact_ids: Sequence[int], *, seed: int, percent: int) -> list[int]:
    """Those who take way a."""
    drawn = zip(contact_ids, lots(contact_ids, seed=seed), strict=True)
    return [contact_id for contact_id, lot in drawn if lot * WHOLE < percent or percent == WHOLE]
