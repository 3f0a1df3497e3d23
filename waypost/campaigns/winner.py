"""Which variant of a split test is best, and how sure that is.

Each rate (of opens, clicks, replies) has the posterior Beta(1 + successes, 1 + failures) (a uniform prior). The probability that variant i is
the best is the integral of pdf_i(x) times the product of the others' cdf_j(x). It is integrated on a grid over the
union of the ranges of ten standard deviations around each mean: no chance is involved, so that the same numbers
always give the same answer, exact to about 1e-4.

Revenue for each mail is not a rate: its mean is taken as normal, with the spread of what was taken. Everyone begins
with one mail that took what all variants take on average, so that a variant that took nothing is not taken for certain.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from math import exp, lgamma, log, pi, prod, sqrt

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


@dataclass(frozen=True, slots=True)
class Takings:
    """How many got a variant, what they brought in all, and the sum of the squares of the amounts."""

    count: int
    total: float
    squares: float

    @property
    def rate(self) -> float:
        """For each mail that was sent."""
        return self.total / self.count if self.count else 0.0


Score = Trials | Takings


def chances(variants: Sequence[Score]) -> list[float]:
    """For each variant the probability that its true rate is the highest; they add up to one."""
    if len(variants) == 1:
        return [1.0]
    rates = [one for one in variants if isinstance(one, Trials)]
    return _of_rates(rates) if rates else _of_takings([one for one in variants if isinstance(one, Takings)])


def _of_rates(variants: Sequence[Trials]) -> list[float]:
    shapes = [(1 + trial.successes, 1 + max(0, trial.count - trial.successes)) for trial in variants]
    low, high = 1.0, 0.0
    for a, b in shapes:
        mean = a / (a + b)
        deviation = sqrt(mean * (1 - mean) / (a + b + 1))
        low, high = min(low, mean - WIDTH * deviation), max(high, mean + WIDTH * deviation)
    low, high = max(low, 0.0), min(high, 1.0)
    step = (high - low) / POINTS
    grid = [low + (number + 0.5) * step for number in range(POINTS)]
    return _highest([[_density(x, a, b) * step for x in grid] for a, b in shapes])


def _of_takings(variants: Sequence[Takings]) -> list[float]:
    count = sum(one.count for one in variants)
    squares = sum(one.squares for one in variants)
    if not count or not squares:
        return [1 / len(variants)] * len(variants)
    usual, usual_square = sum(one.total for one in variants) / count, squares / count
    means: list[tuple[float, float]] = []
    for one in variants:
        mean = (one.total + usual) / (one.count + 1)
        spread = max((one.squares + usual_square) / (one.count + 1) - mean * mean, usual_square * 1e-9)
        means.append((mean, sqrt(spread / (one.count + 1))))
    low = min(mean - WIDTH * deviation for mean, deviation in means)
    high = max(mean + WIDTH * deviation for mean, deviation in means)
    step = (high - low) / POINTS
    grid = [low + (number + 0.5) * step for number in range(POINTS)]
    return _highest([[_bell(x, mean, deviation) * step for x in grid] for mean, deviation in means])


def _highest(densities: Sequence[Sequence[float]]) -> list[float]:
    """The probability of each to be the highest, from how likely each value on a grid is for it."""
    sums = [[total - density / 2 for total, density in zip(accumulate(row), row, strict=True)] for row in densities]
    raw = [
        sum(
            density * prod(other[place] for index, other in enumerate(sums) if index != best)
            for place, density in enumerate(densities[best])
        )
        for best in range(len(densities))
    ]
    total = sum(raw)
    return [value / total for value in raw] if total else [1 / len(raw)] * len(raw)


def _density(x: float, a: float, b: float) -> float:
    return exp(lgamma(a + b) - lgamma(a) - lgamma(b) + (a - 1) * log(x) + (b - 1) * log(1 - x))


def _bell(x: float, mean: float, deviation: float) -> float:
    return exp(-(((x - mean) / deviation) ** 2) / 2) / (deviation * sqrt(2 * pi))


def best_of(first: Sequence[Score], second: Sequence[Score], *, by_other: bool) -> int:
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
