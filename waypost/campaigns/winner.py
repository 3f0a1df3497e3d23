"""Which variant of a split test is best, and how sure that is.

Each rate has the posterior Beta(1 + successes, 1 + failures) (a uniform prior). The probability that variant i is
the best is the integral of pdf_i(x) times the product of the others' cdf_j(x). It is integrated on a grid over the
union of the ranges of ten standard deviations around each mean: no chance is involved, so that the same numbers
always give the same answer, exact to about 1e-4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, lgamma, log, prod, sqrt

POINTS = 4_000
WIDTH = 10.0


@dataclass(frozen=True, slots=True)
class Trials:
    """How many got a variant, and how many of them did what counts."""

    count: int
    successes: int

    @property
    def rate(self) -> float:
        return self.successes / self.count if self.count else 0.0


def chances(variants: Sequence[Trials]) -> list[float]:
    """For each variant the probability that its true rate is the highest; they add up to one."""
    if len(variants) == 1:
        return [1.0]
    shapes = [(1 + trial.successes, 1 + max(0, trial.count - trial.successes)) for trial in variants]
    low, high = 1.0, 0.0
    for a, b in shapes:
        mean = a / (a + b)
        deviation = sqrt(mean * (1 - mean) / (a + b + 1))
        low, high = min(low, mean - WIDTH * deviation), max(high, mean + WIDTH * deviation)
    low, high = max(low, 0.0), min(high, 1.0)
    step = (high - low) / POINTS
    grid = [low + (number + 0.5) * step for number in range(POINTS)]
    densities = [[_density(x, a, b) * step for x in grid] for a, b in shapes]
    sums = [[total - density / 2 for total, density in zip(accumulate(row), row, strict=True)] for row in densities]
    raw = [
        sum(
            density * prod(other[place] for index, other in enumerate(sums) if index != best)
            for place, density in enumerate(densities[best])
        )
        for best in range(len(shapes))
    ]
    total = sum(raw)
    return [value / total for value in raw] if total else [1 / len(raw)] * len(raw)


def _density(x: float, a: float, b: float) -> float:
    return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(x) + (b - 1) * log(1 - x))


def best_of(first: Sequence[Trials], second: Sequence[Trials], *, by_other: bool) -> int:
    """The place of the highest rate; a tie is broken by the other rate if wished, then by the earlier variant."""
    return max(
        range(len(first)),
        key=lambda place: (first[place].rate, second[place].rate if by_other else 0.0, -place),
    )


def shared(chance: Sequence[float], count: int) -> list[int]:
    """So many places given to the variants by their chances, largest remainders first (Thompson sampling in mean)."""
    exact = [value * count for value in chance]
    given = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda place: (given[place] - exact[place], place))
    for place in order[: count - sum(given)]:
        given[place] += 1
    return given
