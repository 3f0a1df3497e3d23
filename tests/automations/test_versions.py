"""What publishing does to contacts who are inside, by the rows V01 to V06; the history of versions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import pytest_asyncio

from tests.automations.flow import Json, activate, check_counts, document, enter, has_tag, settle, settle_at, step
from tests.automations.flow import tagged as list_tagged
from tests.make import Client, Make
from waypost.automations import actions, versions
from waypost.automations.errors import MoveInvalid, NothingToPublish, RevisionStale
from waypost.automations.succession import Move
from waypost.kernel.db import Database
from waypost.kernel.sql import sql


@dataclass
class House:
    """One automation with two contacts inside."""

    db: Database
    workspace_id: int
    people: list[int]
    tags: list[int]
    automation_id: int = 0

    async def start(self, *steps: Json) -> None:
        async with self.db.transaction(self.workspace_id) as tx:
            self.automation_id = (await activate(tx, document(*steps))).id
            await enter(tx, self.automation_id, self.people)
        await settle(self.db, self.workspace_id)

    async def publish(self, *steps: Json, **how: Any) -> int:
        async with self.db.transaction(self.workspace_id) as tx:
            await actions.update_automation(tx, self.automation_id, document=document(*steps))
            _, moved = await versions.publish_automation(tx, self.automation_id, **how)
        await settle(self.db, self.workspace_id)
        await check_counts(self.db, self.workspace_id, self.automation_id)
        return moved

    async def runs(self) -> list[Any]:
        async with self.db.read(self.workspace_id) as read:
            return await read.all(
                sql(
                    """
                    select e.step_id, e.state, e.due_at, e.deadline, e.version_id = a.version_id as is_current
                    from automations.enrollment as e
                    join automations.automation as a on a.workspace_id = {workspace} and a.id = e.automation_id
                    where e.workspace_id = {workspace} and e.automation_id = {id} order by e.contact_id
                    """,
                    id=self.automation_id,
                )
            )

    async def standing(self) -> list[tuple[str, int]]:
        return [(row["step_id"], row["state"]) for row in await self.runs()]

    async def tagged(self, number: int) -> set[int]:
        return await list_tagged(self.db, self.workspace_id, self.tags[number])


@pytest_asyncio.fixture(loop_scope="session")
async def house(db: Database, workspace_id: int, make: Make) -> House:
    async with db.transaction(workspace_id) as tx:
        return House(db, workspace_id, await make.contacts(tx, 2), [await make.tag(tx) for _ in range(3)])


def wait(days: int, step_id: str = "w") -> Json:
    return step(step_id, "wait", amount=days, unit="days")


def add(tag_id: int, step_id: str = "t") -> Json:
    return step(step_id, "add_tag", tag_id=tag_id)


async def test_v01_publishing_is_atomic_and_takes_those_inside_along(house: House) -> None:
    await house.start(wait(1), add(house.tags[0], "old"))
    moved = await house.publish(wait(1), add(house.tags[1], "new"))
    assert moved == 2
    assert all(run["is_current"] for run in await house.runs())
    await settle_at(house.db, house.workspace_id, datetime.now(UTC) + timedelta(days=2))
    assert await house.tagged(1) == set(house.people)
    assert await house.tagged(0) == set()


async def test_v01_a_draft_that_cannot_be_published_changes_nothing(house: House) -> None:
    await house.start(wait(1))
    with pytest.raises(Exception, match="cannot be activated"):
        await house.publish(wait(1), step("t", "add_tag", tag_id=987_654_321))
    assert await house.standing() == [("w", 0), ("w", 0)]
    async with house.db.transaction(house.workspace_id) as tx:
        assert [item.number for item in await versions.list_versions(tx, house.automation_id)] == [1]


async def test_v02_and_v03_history_says_what_changed_and_an_old_version_comes_back(house: House) -> None:
    await house.start(wait(1), add(house.tags[0]))
    await house.publish(wait(3), add(house.tags[0]), step("e", "end"), note="Patience")
    async with house.db.transaction(house.workspace_id) as tx:
        newest, oldest = await versions.list_versions(tx, house.automation_id)
        assert (newest.number, newest.note, newest.inside, oldest.number, oldest.inside) == (2, "Patience", 2, 1, 0)
        changes = await versions.list_changes(tx, house.automation_id, number=2)
        assert [(item.kind, item.id) for item in changes] == [("changed", "w"), ("added", "e")]
        (value,) = changes[0].values
        assert (value.name, value.before, value.after) == ("amount", 1, 3)
        restored = await versions.restore_version(tx, house.automation_id, 1)
        assert restored.document == oldest.document
        _, occupied = await versions.preview_publication(tx, house.automation_id)
        assert [(item.step_id, item.here, item.change) for item in occupied] == [("w", 2, "changed")]


async def test_v03_those_on_a_step_that_is_gone_are_mapped_to_another_or_let_out(house: House) -> None:
    await house.start(wait(1, "gone"), wait(5, "later"), step("e", "end"))
    async with house.db.transaction(house.workspace_id) as tx:
        draft = document(wait(5, "later"), wait(9, "last"), step("e", "end"))
        await actions.update_automation(tx, house.automation_id, document=draft)
        _, (occupied,) = await versions.preview_publication(tx, house.automation_id)
        assert (occupied.step_id, occupied.change, occupied.here, occupied.next_step_id) == ("gone", "gone", 2, "later")
        with pytest.raises(MoveInvalid) as refused:
            await versions.publish_automation(tx, house.automation_id, moves=[Move("gone", "step", "nowhere")])
        assert refused.value.pointer == "/moves/0/to_step_id"
    await house.publish(wait(5, "later"), wait(9, "last"), moves=[Move("gone", "step", "last")])
    assert await house.standing() == [("last", 0), ("last", 0)]
    await house.publish(wait(5, "later"), moves=[Move("last", "exit")])
    assert [state for _, state in await house.standing()] == [4, 4]


async def test_v04_whoever_waited_on_a_deleted_wait_goes_to_the_next_step(house: House) -> None:
    await house.start(wait(30), add(house.tags[0]))
    await house.publish(add(house.tags[0]))
    assert await house.tagged(0) == set(house.people)


async def test_v04_where_nothing_comes_after_a_deleted_wait_the_run_ends(house: House) -> None:
    await house.start(add(house.tags[0]), wait(30))
    await house.publish(add(house.tags[0]))
    assert [state for _, state in await house.standing()] == [4, 4]


async def test_v04_a_deleted_branch_leads_behind_its_fork(house: House) -> None:
    fork = step("f", "if_else", {"yes": [], "no": [wait(30)]}, condition=has_tag(house.tags[2]))
    await house.start(fork, add(house.tags[0]))
    await house.publish(add(house.tags[0]))
    assert await house.tagged(0) == set(house.people)


@pytest.mark.parametrize(("days", "waits", "left"), [(3, "count", 3), (3, "keep", 10), (20, "count", 20)])
async def test_v05_time_that_has_passed_counts_toward_the_new_length(
    house: House, days: int, waits: str, left: int
) -> None:
    began = datetime.now(UTC)
    await house.start(wait(10), add(house.tags[0]))
    await house.publish(wait(days), add(house.tags[0]), waits_count=waits == "count")
    due = {round((run["due_at"] - began) / timedelta(days=1), 2) for run in await house.runs()}
    assert due == {left}


async def test_v05_whoever_has_waited_longer_than_the_new_length_goes_at_once(house: House) -> None:
    await house.start(wait(10), add(house.tags[0]))
    async with house.db.transaction(house.workspace_id) as tx:
        await tx.run(
            sql(
                "update automations.enrollment set due_at = due_at - interval '5 days' "
                "where workspace_id = {workspace} and contact_id = {one}",
                one=house.people[0],
            )
        )
    await house.publish(wait(3), add(house.tags[0]))
    assert await house.tagged(0) == {house.people[0]}


async def test_v06_a_changed_condition_is_looked_at_at_once(house: House) -> None:
    def until(tag_id: int, days: int | None = None) -> Json:
        more = {} if days is None else {"timeout_amount": days, "timeout_unit": "days"}
        return step(
            "u", "wait_until", {"met": [add(house.tags[2], "then")], "timed_out": []}, condition=has_tag(tag_id), **more
        )

    await house.start(add(house.tags[0]), until(house.tags[1]))
    assert await house.tagged(2) == set()
    await house.publish(add(house.tags[0]), until(house.tags[1], days=2))
    deadlines = {run["deadline"] - datetime.now(UTC) for run in await house.runs()}
    assert all(timedelta(days=1) < left < timedelta(days=2) for left in deadlines), "a time-out that is new starts now"
    await house.publish(add(house.tags[0]), until(house.tags[0]))
    assert await house.tagged(2) == set(house.people)


async def test_those_inside_may_finish_on_their_version(house: House) -> None:
    await house.start(wait(1), add(house.tags[0]))
    assert await house.publish(wait(1), add(house.tags[1]), moves_inside=False) == 0
    await settle_at(house.db, house.workspace_id, datetime.now(UTC) + timedelta(days=2))
    assert await house.tagged(0) == set(house.people)


async def test_parked_contacts_stay_parked_or_are_freed_by_moving_on(house: House) -> None:
    await house.start(add(house.tags[0]), wait(1))
    async with house.db.transaction(house.workspace_id) as tx:
        await tx.run(
            sql(
                "update automations.enrollment set state = 3, due_at = null, error = 'x' where workspace_id = {workspace}"
            )
        )
        await tx.run(
            sql(
                "update automations.step_count set parked = here where workspace_id = {workspace} and step_id in ('', 'w')"
            )
        )
    await house.publish(add(house.tags[0]), wait(2))
    assert await house.standing() == [("w", 3), ("w", 3)]
    await house.publish(add(house.tags[0]), add(house.tags[1], "x"), wait(5, "w2"), moves=[Move("w", "step", "x")])
    assert await house.standing() == [("w2", 0), ("w2", 0)]


async def test_who_enters_while_it_is_published_follows(house: House) -> None:
    await house.start(wait(1))
    await house.publish(wait(2))
    async with house.db.transaction(house.workspace_id) as tx:
        await tx.run(
            sql(
                """
                update automations.enrollment set version_id = (
                    select min(id) from automations.automation_version where workspace_id = {workspace}
                ) where workspace_id = {workspace}
                """
            )
        )
        assert await versions.follow_version(tx, house.automation_id) == 2
        assert await versions.follow_version(tx, house.automation_id) == 0
    assert all(run["is_current"] for run in await house.runs())


async def test_two_who_publish_at_once_and_nothing_to_publish(house: House) -> None:
    await house.start(wait(1))
    async with house.db.transaction(house.workspace_id) as tx:
        with pytest.raises(NothingToPublish):
            await versions.publish_automation(tx, house.automation_id)
        changed = await actions.update_automation(tx, house.automation_id, document=document(wait(2)))
        with pytest.raises(RevisionStale):
            await versions.publish_automation(tx, house.automation_id, revision=changed.revision - 1)


async def test_publishing_over_http(client: Client) -> None:
    made = (await client.post("/api/v1/automations", json={"name": "W", "document": document(wait(1))})).json()
    url = f"/api/v1/automations/{made['id']}"
    await client.post(f"{url}/activate")
    await client.put(url, json={"document": document(wait(4))})
    preview = (await client.get(f"{url}/publication")).json()
    assert [(item["kind"], item["id"]) for item in preview["changes"]] == [("changed", "w")]
    unknown = await client.post(f"{url}/publish", json={"moves": [{"step_id": "w", "way": "step", "to_step_id": "?"}]})
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/moves/0/to_step_id")
    published = (await client.post(f"{url}/publish", json={"note": "Slower"})).json()
    assert (published["moved"], published["automation"]["has_changes"]) == (0, False)
    (newest, _) = (await client.get(f"{url}/versions")).json()["items"]
    assert (newest["number"], newest["note"], newest["published_by_name"]) == (2, "Slower", None)
    whole = (await client.get(f"{url}/versions/2")).json()
    assert whole["changes"][0]["values"] == [{"name": "amount", "before": 1, "after": 4}]
    restored = (await client.post(f"{url}/versions/1/restore")).json()
    assert (restored["has_changes"], restored["document"]["steps"][0]["params"]["amount"]) == (True, 1)
    assert (await client.get(f"{url}/versions/9")).json()["code"] == "automations.version_not_found"
