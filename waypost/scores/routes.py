"""Scores, their rules, and a contact's points."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import Parameter

from waypost.contacts.queries.contacts import get_contact
from waypost.kernel.tx import ReadTx, Tx
from waypost.scores.actions import (
    adjust_score,
    create_rule,
    create_score,
    delete_rule,
    delete_score,
    update_rule,
    update_score,
)
from waypost.scores.queries import get_score, list_awards, list_bars, list_contact_scores, list_rules, list_scores
from waypost.scores.schemas import (
    AdjustBody,
    AwardList,
    Changed,
    ContactScoreList,
    RuleBody,
    RulePatch,
    ScoreBody,
    ScoreList,
    ScoreOut,
    ScorePatch,
)
from waypost.scores.types import Rule, Score

SCORES = "/api/v1/scores"
RULE = "/api/v1/scores/rules/{rule_id:int}"
CONTACT = "/api/v1/contacts/{contact_id:int}"
Limit = Annotated[int, Parameter(ge=1, le=500)]


@get(SCORES)
async def read_scores(read: ReadTx) -> ScoreList:
    found = await list_scores(read)
    return ScoreList(items=found, total=len(found))


@post(SCORES)
async def add_score(data: ScoreBody, tx: Tx) -> Score:
    return await create_score(tx, name=data.name, description=data.description)


@get(SCORES + "/{score_id:int}")
async def read_score(score_id: int, read: ReadTx) -> ScoreOut:
    """With its rules, and how contacts are spread over points."""
    score = await get_score(read, score_id)
    return ScoreOut(score=score, rules=await list_rules(read, score_id), bars=await list_bars(read, score_id))


@patch(SCORES + "/{score_id:int}")
async def change_score(score_id: int, data: ScorePatch, tx: Tx) -> Score:
    return await update_score(tx, score_id, data.changes())


@delete(SCORES + "/{score_id:int}")
async def drop_score(score_id: int, tx: Tx) -> None:
    await delete_score(tx, score_id)


@post(SCORES + "/{score_id:int}/rules")
async def add_rule(score_id: int, data: RuleBody, tx: Tx) -> Rule:
    return await create_rule(tx, score_id, condition=data.condition, points=data.points, lasts_days=data.lasts_days)


@patch(RULE)
async def change_rule(rule_id: int, data: RulePatch, tx: Tx) -> Rule:
    return await update_rule(tx, rule_id, data.changes())


@delete(RULE)
async def drop_rule(rule_id: int, tx: Tx) -> None:
    await delete_rule(tx, rule_id)


@post(SCORES + "/{score_id:int}/adjust", status_code=200)
async def adjust_by_hand(score_id: int, data: AdjustBody, tx: Tx) -> Changed:
    return Changed(
        changed=await adjust_score(
            tx, score_id, data.contact_ids, data.points, is_target=data.is_target, reason=data.reason
        )
    )


@get(CONTACT + "/scores")
async def read_contact_scores(contact_id: int, read: ReadTx) -> ContactScoreList:
    await get_contact(read, contact_id)
    found = await list_contact_scores(read, contact_id)
    return ContactScoreList(items=found, total=len(found))


@get(CONTACT + "/awards")
async def read_awards(
    contact_id: int, read: ReadTx, score_id: int | None = None, limit: Limit = 50, after: str | None = None
) -> AwardList:
    """What the contact's points are made of, the newest first."""
    await get_contact(read, contact_id)
    page = await list_awards(read, contact_id, score_id=score_id, limit=limit, after=after)
    return AwardList(items=list(page.items), next=page.next)


ROUTES = (
    read_scores,
    add_score,
    read_score,
    change_score,
    drop_score,
    add_rule,
    change_rule,
    drop_rule,
    adjust_by_hand,
    read_contact_scores,
    read_awards,
)
