"""Who enters: by facts after activation, once or again, never twice at a time."""

from __future__ import annotations

import pytest

from tests.automations.flow import activate, check_counts, document, enter, on_tag, settle, step, these
from tests.make import Make
from waypost.automations import actions, queries
from waypost.automations.enroll import MOST_ENTRIES
from waypost.automations.errors import AutomationNotActive
from waypost.automations.types import State
from waypost.contacts.actions import add_tag, remove_tag
from waypost.kernel.db import Database

WAIT = step("w", "wait", amount=1, unit="days")


async def entered(db: Database, workspace_id: int, automation_id: int) -> list[int]:
    async with db.read(workspace_id) as read:
        page = await queries.list_enrollments(read, automation_id=automation_id, limit=200)
    return sorted(item.contact_id for item in page.items)


async def test_a_tag_lets_in_the_whole_set_by_every_automation_it_starts(
    db: Database, workspace_id: int, make: Make
) -> None:
    async with db.transaction(workspace_id) as tx:
        people, tag, other = await make.contacts(tx, 50), await make.tag(tx), await make.tag(tx)
        narrow = await activate(tx, document(WAIT, triggers=[on_tag(tag)]))
        wide = await activate(tx, document(WAIT, triggers=[on_tag(None)]))
        never = await activate(tx, document(WAIT, triggers=[on_tag(other)]))
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, tag, these(*people))
    await settle(db, workspace_id)
    assert await entered(db, workspace_id, narrow.id) == people
    assert await entered(db, workspace_id, wide.id) == people
    assert await entered(db, workspace_id, never.id) == []
    await check_counts(db, workspace_id, narrow.id)


async def test_what_happened_before_activation_lets_nobody_in(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        early, late = await make.contacts(tx, 2)
        tag = await make.tag(tx)
        await add_tag(tx, tag, these(early))
    async with db.transaction(workspace_id) as tx:
        automation = await activate(tx, document(WAIT, triggers=[on_tag(tag)]))
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, tag, these(late))
    await settle(db, workspace_id)
    assert await entered(db, workspace_id, automation.id) == [late]


@pytest.mark.parametrize(("runs", "times"), [("once", 1), ("multiple", 2)])
async def test_once_means_once_and_multiple_means_again_after_leaving(
    db: Database, workspace_id: int, make: Make, runs: str, times: int
) -> None:
    async with db.transaction(workspace_id) as tx:
        (ada,) = await make.contacts(tx, 1)
        tag = await make.tag(tx)
        automation = await activate(tx, document(step("e", "end"), triggers=[on_tag(tag, runs)]))
    for _ in range(2):
        async with db.transaction(workspace_id) as tx:
            await add_tag(tx, tag, these(ada))
        await settle(db, workspace_id)
        async with db.transaction(workspace_id) as tx:
            await remove_tag(tx, tag, these(ada))
    assert await entered(db, workspace_id, automation.id) == [ada] * times


async def test_automations_that_call_each_other_come_to_an_end(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        (ada,) = await make.contacts(tx, 1)
        ping, pong = await make.tag(tx), await make.tag(tx)
        for heard, said in ((ping, pong), (pong, ping)):
            steps = (step("off", "remove_tag", tag_id=heard), step("on", "add_tag", tag_id=said))
            automation = await activate(tx, document(*steps, triggers=[on_tag(heard, "multiple")]))
        await add_tag(tx, ping, these(ada))
    await settle(db, workspace_id)
    assert await entered(db, workspace_id, automation.id) == [ada] * MOST_ENTRIES


async def test_nobody_is_inside_twice_at_a_time(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        (ada,) = await make.contacts(tx, 1)
        first, second = await make.tag(tx), await make.tag(tx)
        triggers = [on_tag(first, "multiple", "t1"), on_tag(second, "multiple", "t2")]
        automation = await activate(tx, document(WAIT, triggers=triggers))
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, first, these(ada))
        await add_tag(tx, second, these(ada))
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        assert await enter(tx, automation.id, [ada]) == 0
    assert await entered(db, workspace_id, automation.id) == [ada]


async def test_drafts_and_paused_automations_let_nobody_in(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        (ada,) = await make.contacts(tx, 1)
        tag = await make.tag(tx)
        draft = await actions.create_automation(tx, name="Draft", document=document(WAIT, triggers=[on_tag(tag)]))
        paused = await activate(tx, document(WAIT, triggers=[on_tag(tag)]))
        await actions.pause_automation(tx, paused.id)
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, tag, these(ada))
    await settle(db, workspace_id)
    for automation in (draft, paused):
        assert await entered(db, workspace_id, automation.id) == []
        with pytest.raises(AutomationNotActive):
            async with db.transaction(workspace_id) as tx:
                await enter(tx, automation.id, [ada])


async def test_strangers_are_not_let_in(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id + 1_000_000) as tx:
        people = await make.contacts(tx, 0)
    async with db.transaction(workspace_id) as tx:
        automation = await activate(tx, document(WAIT))
        assert await enter(tx, automation.id, [*people, 987_654_321]) == 0


async def test_removed_contacts_leave_and_are_counted(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        ada, grace = await make.contacts(tx, 2)
        automation = await activate(tx, document(WAIT))
        await enter(tx, automation.id, [ada, grace])
    await settle(db, workspace_id)
    async with db.transaction(workspace_id) as tx:
        assert await actions.remove_contacts(tx, automation.id, these(ada)) == 1
        assert await actions.remove_contacts(tx, automation.id, these(ada)) == 0
    async with db.read(workspace_id) as read:
        states = {
            item.contact_id: item.state
            for item in (await queries.list_enrollments(read, automation_id=automation.id)).items
        }
    assert states == {ada: State.EXITED, grace: State.DUE}
    await check_counts(db, workspace_id, automation.id)
