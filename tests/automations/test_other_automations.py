"""One automation begins and ends runs of another."""

from __future__ import annotations

from tests.automations.flow import activate, document, enter, settle, step
from tests.make import Make
from waypost.automations.actions import activate_automation, pause_automation, update_automation
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.db import Database
from waypost.kernel.sql import sql


async def a_workspace(db: Database) -> int:
    async with db.transaction(0) as tx:
        return (await create_workspace(tx, name="Two")).id


async def states(db: Database, workspace_id: int) -> dict[str, list[int]]:
    """Each automation's runs by state, in order of contacts."""
    async with db.read(workspace_id) as read:
        rows = await read.all(
            sql(
                """
                select a.name, array_agg(e.state::int order by e.contact_id, e.id) as states
                from automations.enrollment e join automations.automation a
                  on a.workspace_id = e.workspace_id and a.id = e.automation_id
                where e.workspace_id = {workspace} group by a.name
                """
            )
        )
    return {row["name"]: row["states"] for row in rows}


async def test_starting_and_ending_others(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 3)
        follow = await activate(tx, document(step("hold", "wait", amount=1, unit="weeks")), name="follow")
        first = await activate(
            tx,
            document(step("go", "start_automation", automation_id=follow.id), step("stop", "end")),
            name="first",
        )
        await enter(tx, first.id, people)
    await settle(fresh_db, workspace_id)
    assert await states(fresh_db, workspace_id) == {"first": [2, 2, 2], "follow": [0, 0, 0]}

    async with fresh_db.transaction(workspace_id) as tx:
        leave = await activate(
            tx, document(step("out", "end_automation", automation_id=follow.id), step("stop", "end")), name="leave"
        )
        await enter(tx, leave.id, people[:2])
    await settle(fresh_db, workspace_id)
    assert await states(fresh_db, workspace_id) == {"first": [2, 2, 2], "follow": [4, 4, 0], "leave": [2, 2]}


async def test_a_run_that_is_ended_in_the_same_batch_stays_ended(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        people = await make.contacts(tx, 2)
        end_all = await activate(tx, document(step("out", "end_automation"), step("stop", "end")), name="end all")
        tag = await make.tag(tx)
        other = await activate(tx, document(step("tag", "add_tag", tag_id=tag), step("stop", "end")), name="other")
        assert end_all.version_id < other.version_id, "so that the one that ends goes first"
        await enter(tx, end_all.id, people)
        await enter(tx, other.id, people)
    await settle(fresh_db, workspace_id)
    assert await states(fresh_db, workspace_id) == {"end all": [2, 2], "other": [4, 4]}
    async with fresh_db.read(workspace_id) as read:
        tagged = await read.value(sql("select count(*) from contacts.contact_tag where workspace_id = {workspace}"))
    assert tagged == 0


async def test_two_that_start_each_other_come_to_an_end(fresh_db: Database, make: Make) -> None:
    workspace_id = await a_workspace(fresh_db)
    async with fresh_db.transaction(workspace_id) as tx:
        person = await make.contact(tx)
        ids = [(await activate(tx, document(step("stop", "end")), name=name)).id for name in ("ping", "pong")]
        for own, other in (ids, ids[::-1]):
            await pause_automation(tx, own)
            await update_automation(tx, own, document=document(step("go", "start_automation", automation_id=other)))
            await activate_automation(tx, own)
        await enter(tx, ids[0], [person])
    await settle(fresh_db, workspace_id)
    found = await states(fresh_db, workspace_id)
    assert set(found["ping"]) == set(found["pong"]) == {2}
    assert len(found["pong"]) == 10
