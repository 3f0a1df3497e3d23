"""Scores: points come once, run out in time, are explained, and are what a plain count of the rules says."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from tests.automations.flow import activate, document, settle_at, step, tagged
from tests.make import Client, Make
from tests.questions import problem, who
from waypost.activities.consumers import advance as consume
from waypost.contacts.actions.tags import add_tag, remove_tag
from waypost.contacts.audience import these
from waypost.contacts.erasing import erase_contacts
from waypost.contacts.merging import merge_contacts
from waypost.kernel.db import Database
from waypost.kernel.errors import Failure, Invalid
from waypost.kernel.sql import sql
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
from waypost.scores.errors import PointsMissing, ScoreNameTaken, ScoreNotFound
from waypost.scores.keeping import FOLLOW, go_on
from waypost.scores.queries import get_score, list_awards, list_bars, list_contact_scores, list_rules

pytestmark = pytest.mark.asyncio(loop_scope="session")


def tag(tag_id: int) -> dict[str, Any]:
    return {"match": "all", "conditions": [{"type": "has_tag", "params": {"tag_id": tag_id}}]}


async def keep(tx: Tx, *, limit: int = 2) -> None:
    """Everything that is to be done now, in small parts."""
    while await go_on(tx, limit=limit):
        pass


async def points(read: ReadTx, score_id: int) -> dict[int, int]:
    rows = await read.all(
        sql(
            "select contact_id, points from scores.total where workspace_id = {workspace} and score_id = {id} and points <> 0",
            id=score_id,
        )
    )
    return {row["contact_id"]: row["points"] for row in rows}


async def test_a_rule_gives_to_everyone_who_meets_it_once(tx: Tx, make: Make):
    hot, warm = await make.tag(tx), await make.tag(tx)
    score = await create_score(tx, name="Interest")
    people = [await make.contact(tx, tags=[hot]) for _ in range(5)]
    lonely = await make.contact(tx, tags=[warm])
    rule = await create_rule(tx, score.id, condition=tag(hot), points=10)
    assert not (await get_score(tx, score.id)).is_ready
    await keep(tx)
    assert await points(tx, score.id) == dict.fromkeys(people, 10)
    await tx.run(sql("update scores.rule set place = 0 where workspace_id = {workspace}"))
    await keep(tx)
    assert await points(tx, score.id) == dict.fromkeys(people, 10)
    await update_rule(tx, rule.id, {"condition": tag(warm), "points": -3})
    await keep(tx)
    assert await points(tx, score.id) == {lonely: -3}
    (rule,) = await list_rules(tx, score.id)
    assert (rule.contact_count, rule.is_ready) == (1, True)
    assert "tag" in rule.sentence
    await delete_rule(tx, rule.id)
    await keep(tx)
    assert await points(tx, score.id) == {}


async def test_points_run_out_and_say_so(tx: Tx, make: Make):
    hot = await make.tag(tx)
    score = await create_score(tx, name="Interest")
    ada = await make.contact(tx, tags=[hot])
    await create_rule(tx, score.id, condition=tag(hot), points=10, lasts_days=30)
    await create_rule(tx, score.id, condition=tag(hot), points=4)
    await keep(tx)
    assert await points(tx, score.id) == {ada: 14}
    await tx.run(
        sql(
            "update scores.award set expires_at = {now} where workspace_id = {workspace} and expires_at is not null",
        )
    )
    await keep(tx)
    assert await points(tx, score.id) == {ada: 4}
    awards = (await list_awards(tx, ada)).items
    assert [(award.points, award.over_at is not None) for award in awards] == [(4, False), (10, True)]
    assert (await list_contact_scores(tx, ada))[0].points == 4


async def test_by_hand_up_to_a_number_and_in_one_change(tx: Tx, make: Make):
    score = await create_score(tx, name="Interest")
    ada, grace = await make.contact(tx, first_name="Ada"), await make.contact(tx, first_name="Grace")
    await make.contact(tx, first_name="Linus")
    assert await adjust_score(tx, score.id, [ada, grace, 987_654_321], 20, reason="Met at the fair") == 2
    assert await adjust_score(tx, score.id, [ada], 50, is_target=True) == 1
    assert await adjust_score(tx, score.id, [ada], 50, is_target=True) == 0
    assert await points(tx, score.id) == {ada: 50, grace: 20}
    assert await who(tx, "score", score_id=score.id, value=50) == {"Ada"}
    assert await who(tx, "score", score_id=score.id, operator="at_most", value=20) == {"Grace", "Linus"}
    assert await who(tx, "score", score_id=score.id, operator="between", value=1, value_to=20) == {"Grace"}
    assert await who(tx, "score", score_id=score.id, value=0) == {"Ada", "Grace", "Linus"}
    assert (await problem(tx, "score", score_id=987_654, value=1))[1] == "scores.score_not_found"
    assert (await problem(tx, "score", score_id=score.id, operator="between", value=5))[0] == "/value_to"
    assert sum(bar.count for bar in await list_bars(tx, score.id)) == 2
    assert [award.reason for award in (await list_awards(tx, grace)).items] == ["Met at the fair"]


async def test_merging_adds_up_and_erasing_takes_away(tx: Tx, make: Make):
    hot, warm = await make.tag(tx), await make.tag(tx)
    score = await create_score(tx, name="Interest")
    ada, twin = await make.contact(tx, tags=[hot]), await make.contact(tx, tags=[hot, warm])
    await create_rule(tx, score.id, condition=tag(hot), points=10)
    await create_rule(tx, score.id, condition=tag(warm), points=5)
    await adjust_score(tx, score.id, [ada, twin], 2)
    await keep(tx)
    assert await points(tx, score.id) == {ada: 12, twin: 17}
    await merge_contacts(tx, ada, [twin])
    assert await points(tx, score.id) == {ada: 19}
    assert sum(award.points for award in (await list_awards(tx, ada)).items) == 19
    await erase_contacts(tx, [ada])
    assert await points(tx, score.id) == {}


async def test_what_is_wrong_is_named_and_a_deleted_score_is_gone(tx: Tx, make: Make):
    score = await create_score(tx, name="Interest")
    with pytest.raises(PointsMissing):
        await create_rule(tx, score.id, condition=tag(await make.tag(tx)), points=0)
    with pytest.raises(Invalid):
        await create_rule(tx, score.id, condition={"type": "no_such"}, points=1)
    ada = await make.contact(tx)
    await adjust_score(tx, score.id, [ada], 5)
    await delete_score(tx, score.id)
    with pytest.raises(ScoreNotFound):
        await get_score(tx, score.id)
    await keep(tx)
    for table in ("score", "rule", "award", "total", "watch"):
        assert await tx.value(sql(f"select count(*) from scores.{table} where workspace_id = {{workspace}}")) == 0  # type: ignore[arg-type]


async def test_two_scores_have_two_names(tx: Tx):
    await create_score(tx, name="Interest")
    with pytest.raises(ScoreNameTaken):
        await create_score(tx, name=" interest ")


async def test_following_the_log_is_the_same_as_counting_anew(fresh_db: Database, make: Make):
    """Tags come and go by chance; a rule gives when its condition first held, and a plain model says the same."""
    db, dice = fresh_db, random.Random(4)
    async with db.transaction(0) as tx:
        workspace_id = await tx.value(
            sql("insert into identity.workspace (name, created_at) values ('Scores', {now}) returning id")
        )
    async with db.transaction(workspace_id) as tx:
        tags = [await make.tag(tx) for _ in range(4)]
        people = await make.contacts(tx, 20)
        score = await create_score(tx, name="Interest")
        weights = {tag_id: number * 7 + 1 for number, tag_id in enumerate(tags)}
        for tag_id in tags[:3]:
            await create_rule(tx, score.id, condition=tag(tag_id), points=weights[tag_id])
        both = {"match": "all", "conditions": [tag(tags[2]), tag(tags[3])]}
        await create_rule(tx, score.id, condition=both, points=100)
        await keep(tx)
    has: dict[int, set[int]] = {one: set() for one in people}
    got: dict[int, set[int]] = {one: set() for one in people}
    for _ in range(60):
        async with db.transaction(workspace_id) as tx:
            chosen, tag_id = dice.sample(people, 4), dice.choice(tags)
            if dice.random() < 0.7:
                await add_tag(tx, tag_id, these(chosen))
                for one in chosen:
                    has[one].add(tag_id)
            else:
                await remove_tag(tx, tag_id, these(chosen))
                for one in chosen:
                    has[one].discard(tag_id)
        while await consume(db, workspace_id, FOLLOW):
            pass
        for one in people:
            got[one] |= {weights[tag_id] for tag_id in has[one] & set(tags[:3])}
            if {tags[2], tags[3]} <= has[one]:
                got[one].add(100)
    async with db.read(workspace_id) as read:
        assert await points(read, score.id) == {one: sum(given) for one, given in got.items() if given}
        facts = await read.all(
            sql(
                """
                select contact_id, sum((data ->> 'new')::int - (data ->> 'old')::int) as change from activities.fact
                where workspace_id = {workspace} and kind = 430 group by contact_id
                """
            )
        )
    assert {row["contact_id"]: row["change"] for row in facts} == {
        one: sum(given) for one, given in got.items() if given
    }


async def test_automations_hear_of_a_score_that_rises(fresh_db: Database, make: Make):
    db = fresh_db
    async with db.transaction(0) as tx:
        workspace_id = await tx.value(
            sql("insert into identity.workspace (name, created_at) values ('Scores', {now}) returning id")
        )
    async with db.transaction(workspace_id) as tx:
        now = tx.now
        ready, cooled = await make.tag(tx), await make.tag(tx)
        score = await create_score(tx, name="Interest")
        up = [
            {"id": "t", "type": "score_changed", "params": {"score_id": score.id, "rises_to": 50}, "runs": "multiple"}
        ]
        down = [
            {"id": "t", "type": "score_changed", "params": {"score_id": score.id, "falls_below": 10}, "runs": "once"}
        ]
        await activate(tx, document(step("a", "add_tag", tag_id=ready), triggers=up), "Up")
        await activate(tx, document(step("a", "add_tag", tag_id=cooled), triggers=down), "Down")
        ada, grace = await make.contact(tx), await make.contact(tx)
    async with db.transaction(workspace_id, now=now + timedelta(minutes=1)) as tx:
        await adjust_score(tx, score.id, [ada, grace], 49)
    await settle_at(db, workspace_id, now + timedelta(minutes=2))
    assert await tagged(db, workspace_id, ready) == set()
    async with db.transaction(workspace_id, now=now + timedelta(minutes=3)) as tx:
        await adjust_score(tx, score.id, [ada], 1)
        await adjust_score(tx, score.id, [grace], -45)
    await settle_at(db, workspace_id, now + timedelta(minutes=4))
    assert await tagged(db, workspace_id, ready) == {ada}
    assert await tagged(db, workspace_id, cooled) == {grace}


async def test_scores_over_http(client: Client):
    tag_id = (await client.post("/api/v1/tags", json={"name": "Hot"})).json()["id"]
    score = (await client.post("/api/v1/scores", json={"name": "Interest"})).json()
    rule = {"condition": tag(tag_id), "points": 10, "lasts_days": 90}
    made = await client.post(f"/api/v1/scores/{score['id']}/rules", json=rule)
    assert (made.status_code, made.json()["lasts_days"]) == (201, 90)
    changed = await client.patch(f"/api/v1/scores/rules/{made.json()['id']}", json={"points": 12, "lasts_days": None})
    assert (changed.json()["points"], changed.json()["lasts_days"]) == (12, None)
    off = await client.patch(f"/api/v1/scores/{score['id']}", json={"is_active": False})
    assert off.json()["is_active"] is False
    contact = (await client.post("/api/v1/contacts", json={"email": "ada@example.com"})).json()
    body = {"contact_ids": [contact["id"]], "points": 5, "reason": "Called us"}
    assert (await client.post(f"/api/v1/scores/{score['id']}/adjust", json=body)).json() == {"changed": 1}
    awards = (await client.get(f"/api/v1/contacts/{contact['id']}/awards")).json()["items"]
    assert [(award["points"], award["reason"]) for award in awards] == [(5, "Called us")]
    wrong = await client.post(f"/api/v1/scores/{score['id']}/rules", json={"condition": {"type": "x"}, "points": 1})
    assert wrong.status_code == 422
    assert "/condition" in wrong.text
    assert (await client.delete(f"/api/v1/scores/{score['id']}")).status_code == 204
    assert (await client.get(f"/api/v1/scores/{score['id']}")).status_code == 404


async def test_a_switched_off_score_gives_nothing_until_it_is_on(tx: Tx, make: Make):
    hot = await make.tag(tx)
    score = await create_score(tx, name="Interest")
    await update_score(tx, score.id, {"is_active": False})
    ada = await make.contact(tx, tags=[hot])
    await create_rule(tx, score.id, condition=tag(hot), points=10)
    await keep(tx)
    assert await points(tx, score.id) == {}
    await update_score(tx, score.id, {"is_active": True})
    await keep(tx)
    assert await points(tx, score.id) == {ada: 10}
    with pytest.raises(Failure):
        await update_score(tx, score.id, {"name": " "})
