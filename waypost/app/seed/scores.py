"""What the coffee roaster's contacts are worth a call for."""

from __future__ import annotations

from waypost.app.seed.people import Words
from waypost.kernel.tx import Tx
from waypost.scores.actions import create_rule, create_score


async def seed_scores(tx: Tx, words: Words) -> None:
    """One score of interest; the worker gives its points when it starts."""
    score = await create_score(tx, name="Interest", description="Who would like to hear from us.")
    opened = {"type": "engagement_count", "params": {"what": "open", "operator": "greater_or_equal", "value": 2}}
    clicked = {"type": "engagement_count", "params": {"what": "click", "operator": "greater_or_equal", "value": 1}}
    buyer = {
        "type": "field",
        "params": {"field_id": words.fields["Orders"].id, "operator": "greater_or_equal", "value": 5},
    }
    await create_rule(tx, score.id, condition=opened, points=5, lasts_days=90)
    await create_rule(tx, score.id, condition=clicked, points=10, lasts_days=90)
    await create_rule(tx, score.id, condition=buyer, points=20)
    for name, points in (("Best customer", 25), ("Workshop", 15), ("Quiet", -10)):
        condition = {"type": "has_tag", "params": {"tag_id": words.tags[name]}}
        # lint: no-row-loops because there are three rules
        await create_rule(tx, score.id, condition=condition, points=points)
