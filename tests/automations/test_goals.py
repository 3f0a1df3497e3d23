"""Goals: jumping out of waits, at entry, from other branches; once a run; waiting or going on without a match."""

from __future__ import annotations

from typing import Any

from tests.automations.flow import activate, check_counts, document, enter, has_tag, settle, step, these, trails
from tests.make import Make
from waypost.automations import actions
from waypost.automations.versions import publish_automation
from waypost.contacts.actions import add_tag, remove_tag
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.db import Database
from waypost.kernel.sql import sql


async def a_workspace(db: Database) -> int:
    async with db.transaction(0) as tx:
        return (await create_workspace(tx, name="Goals")).id


def goal(step_id: str, tag_id: int, **params: Any) -> dict[str, Any]:
    exits = ("met",) if params.get("without_match") == "end" else ("met", "not_met")
    return step(step_id, "goal", {name: [] for name in exits}, name="Bought", condition=has_tag(tag_id), **params)


async def facts(db: Database, workspace_id: int, kind: int) -> int:
    async with db.read(workspace_id) as read:
        statement = sql("select count(*) from activities.fact where workspace_id = {workspace} and kind = {k}", k=kind)
        return await read.value(statement)


async def test_a_contact_jumps_out_of_a_wait_as_soon_as_it_meets_the_goal(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        bought, welcome = await make.tag(tx), await make.tag(tx)
        ada, grace = await make.contacts(tx, 2)
        automation = await activate(
            tx,
            document(
                step("hello", "add_tag", tag_id=welcome), step("hold", "wait", amount=4, unit="weeks"),
                step("more", "wait", amount=1, unit="days"), goal("goal", bought), step("stop", "end"),
            ),
        )  # fmt: skip
        await enter(tx, automation.id, [ada, grace])
    await settle(fresh_db, workspace_id)
    async with fresh_db.transaction(workspace_id) as tx:
        await add_tag(tx, bought, these(ada))
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, automation.id) == {"hello | hold:jumped | goal:met,stop": 1, "hello": 1}
    assert await facts(fresh_db, workspace_id, 304) == 1
    await check_counts(fresh_db, workspace_id, automation.id)


async def test_who_meets_it_already_jumps_at_entry_and_the_later_goal_wins(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        bought = await make.tag(tx)
        ada = await make.contact(tx, tags=[bought])
        automation = await activate(
            tx, document(step("hold", "wait", amount=1, unit="weeks"), goal("first", bought), goal("second", bought),
                         step("stop", "end")),
        )  # fmt: skip
        await enter(tx, automation.id, [ada])
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, automation.id) == {"hold:jumped,second:met,stop": 1}
    await check_counts(fresh_db, workspace_id, automation.id)


async def test_only_steps_that_lead_to_a_goal_jump_unless_it_says_anywhere(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        vip, bought = await make.tag(tx), await make.tag(tx)
        people = await make.contacts(tx, 2)
        ways: dict[str, int] = {}
        for jump_from in ("steps_before", "anywhere"):
            other = [step("away", "wait", amount=1, unit="weeks"), step("out", "end")]
            here = [goal("goal", bought, jump_from=jump_from), step("in", "end")]
            automation = await activate(
                tx, document(step("ask", "if_else", {"yes": here, "no": other}, condition=has_tag(vip))), name=jump_from
            )
            ways[jump_from] = automation.id
            await enter(tx, automation.id, people)
    await settle(fresh_db, workspace_id)
    async with fresh_db.transaction(workspace_id) as tx:
        await add_tag(tx, bought, these(people[0]))
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, ways["steps_before"]) == {"ask:no": 2}
    assert await trails(fresh_db, workspace_id, ways["anywhere"]) == {
        "ask:no": 1,
        "ask:no | away:jumped | goal:met,in": 1,
    }


async def test_without_a_match_it_waits_or_goes_on(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        bought = await make.tag(tx)
        ada, grace = await make.contacts(tx, 2)
        found: dict[str, int] = {}
        for without in ("wait", "go_on"):
            automation = await activate(
                tx, document(goal("goal", bought, without_match=without), step("stop", "end")), name=without
            )
            found[without] = automation.id
            await enter(tx, automation.id, [ada, grace])
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, found["wait"]) == {"": 2}
    assert await trails(fresh_db, workspace_id, found["go_on"]) == {"goal:not_met,stop": 2}
    assert await facts(fresh_db, workspace_id, 305) == 2
    async with fresh_db.transaction(workspace_id) as tx:
        await add_tag(tx, bought, these(ada))
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, found["wait"]) == {"goal:met,stop": 1, "": 1}


async def test_a_goal_once_met_stays_met(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        bought = await make.tag(tx)
        ada = await make.contact(tx)
        automation = await activate(
            tx, document(step("hold", "wait", amount=1, unit="weeks"), goal("goal", bought),
                         step("after", "wait", amount=1, unit="weeks")),
        )  # fmt: skip
        await enter(tx, automation.id, [ada])
    await settle(fresh_db, workspace_id)
    async with fresh_db.transaction(workspace_id) as tx:
        await add_tag(tx, bought, these(ada))
    await settle(fresh_db, workspace_id)
    async with fresh_db.transaction(workspace_id) as tx:
        await remove_tag(tx, bought, these(ada))
        await add_tag(tx, bought, these(ada))
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, automation.id) == {"hold:jumped | goal:met": 1}
    assert await facts(fresh_db, workspace_id, 304) == 1


async def test_without_a_match_it_may_end_the_run(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        bought, after = await make.tag(tx), await make.tag(tx)
        automation = await activate(
            tx, document(goal("goal", bought, without_match="end"), step("after", "add_tag", tag_id=after))
        )
        await enter(tx, automation.id, [await make.contact(tx)])
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, automation.id) == {"goal:not_met": 1}
    assert await facts(fresh_db, workspace_id, 304) == 0, "passing without a match is not reaching the goal"
    await check_counts(fresh_db, workspace_id, automation.id)


async def test_nobody_jumps_while_the_automation_is_paused_but_on_going_on(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        bought = await make.tag(tx)
        ada = await make.contact(tx)
        automation = await activate(tx, document(step("hold", "wait", amount=4, unit="weeks"), goal("goal", bought)))
        await enter(tx, automation.id, [ada])
    await settle(fresh_db, workspace_id)
    async with fresh_db.transaction(workspace_id) as tx:
        await actions.pause_automation(tx, automation.id)
        await add_tag(tx, bought, these(ada))
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, automation.id) == {"": 1}
    async with fresh_db.transaction(workspace_id) as tx:
        await actions.activate_automation(tx, automation.id)
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, automation.id) == {"hold:jumped | goal:met": 1}


async def test_a_goal_that_is_published_is_met_by_those_inside(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        bought = await make.tag(tx)
        hold = step("hold", "wait", amount=4, unit="weeks")
        automation = await activate(tx, document(hold))
        await enter(tx, automation.id, [await make.contact(tx, tags=[bought]), await make.contact(tx)])
    await settle(fresh_db, workspace_id)
    async with fresh_db.transaction(workspace_id) as tx:
        await actions.update_automation(tx, automation.id, document=document(hold, goal("goal", bought)))
        await publish_automation(tx, automation.id)
    await settle(fresh_db, workspace_id)
    assert await trails(fresh_db, workspace_id, automation.id) == {"hold:jumped | goal:met": 1, "": 1}
    await check_counts(fresh_db, workspace_id, automation.id)
