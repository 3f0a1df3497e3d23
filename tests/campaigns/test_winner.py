"""The arithmetic of split tests, and how links are tagged: no database needed."""

from __future__ import annotations

import random

from waypost.campaigns.snapshot import tagged
from waypost.campaigns.winner import Trials, best_of, chances, shared


def test_chances_agree_with_simulation_and_add_up() -> None:
    variants = [Trials(200, 40), Trials(200, 52), Trials(180, 30), Trials(210, 48), Trials(200, 45)]
    exact = chances(variants)
    assert abs(sum(exact) - 1) < 1e-9
    dice, wins, rounds = random.Random(7), [0] * 5, 20_000
    for _ in range(rounds):
        drawn = [dice.betavariate(1 + one.successes, 1 + one.count - one.successes) for one in variants]
        wins[drawn.index(max(drawn))] += 1
    assert all(abs(found - won / rounds) < 0.012 for found, won in zip(exact, wins, strict=True))


def test_chances_at_the_edges() -> None:
    assert chances([Trials(0, 0), Trials(0, 0)]) == [0.5, 0.5]
    assert chances([Trials(10, 3)]) == [1.0]
    assert chances([Trials(100_000, 0), Trials(100_000, 100_000)])[1] > 0.999
    sure = chances([Trials(500_000, 100_000), Trials(500_000, 101_500)])
    assert sure[1] > 0.999


def test_the_stated_confidence_is_kept_over_many_tests() -> None:
    """Of the tests that say 95 %, no more than a twentieth (and some chance) is wrong."""
    dice, said, right = random.Random(11), 0, 0
    for _ in range(300):
        rates = [dice.uniform(0.15, 0.30) for _ in range(5)]
        found = [Trials(500, sum(dice.random() < rate for _ in range(500))) for rate in rates]
        exact = chances(found)
        if max(exact) >= 0.95:
            said += 1
            right += exact.index(max(exact)) == rates.index(max(rates))
    print(f"{said} of 300 tests were sure at 95 %, {right} of these named the best: {right / said:.3f}")
    assert said > 50
    assert right / said >= 0.93


def test_ties_and_shares() -> None:
    opens, clicks = [Trials(10, 3), Trials(10, 3)], [Trials(10, 1), Trials(10, 2)]
    assert best_of(opens, clicks, by_other=False) == 0
    assert best_of(opens, clicks, by_other=True) == 1
    assert shared([0.5, 0.3, 0.2], 11) == [6, 3, 2]
    assert sum(shared([1 / 3] * 3, 100)) == 100


def test_links_are_tagged_before_their_fragment_and_once() -> None:
    document = {
        "blocks": [{"props": {"href": "https://a.example/x?y=1#z", "html": '<a href="https://b.example">b</a>'}}]
    }
    found = tagged(document, {"source": "news", "medium": "email", "campaign": "May & June"})
    query = "utm_source=news&utm_medium=email&utm_campaign=May%20%26%20June"
    assert found["blocks"][0]["props"]["href"] == f"https://a.example/x?y=1&{query}#z"
    assert (
        found["blocks"][0]["props"]["html"] == f'<a href="https://b.example?{query.replace("&utm", "&amp;utm")}">b</a>'
    )
    assert tagged(found, {"source": "other"}) == found
    assert tagged(document, {"source": ""}) is document
