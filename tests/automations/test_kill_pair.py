"""kill -9 of two workers at any moment: contacts through twelve steps come to what an undisturbed run comes to.

The same contacts go through the same automation twice, in two workspaces of their own. One is moved in
peace; of the other two engine processes are killed over and over. WAYPOST_TEST_KILL_CONTACTS says how
many contacts (50,000 is what is promised), WAYPOST_TEST_KILLS how often.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
import sys
from collections import Counter
from typing import Any

from tests.automations.flow import Json, activate, check_counts, document, enter, has_tag, step, trails
from tests.make import Make
from waypost.automations import queries
from waypost.automations.advance import Advancer
from waypost.contacts.actions.fields import create_field
from waypost.contacts.actions.subscriptions import create_list
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

CONTACTS = int(os.environ.get("WAYPOST_TEST_KILL_CONTACTS", "3000"))
KILLS = int(os.environ.get("WAYPOST_TEST_KILLS", "5"))
BATCH = max(100, CONTACTS // 20)

ENGINE = """
import asyncio, sys
from pathlib import Path
from waypost.app.domains import build_registry
from waypost.automations.advance import Advancer
from waypost.kernel.config import Settings
from waypost.kernel.db import Database

async def main(dsn, workspace_id, batch):
    settings = Settings(data_dir=Path("."), database_url=dsn, secret_key="test")
    db = await Database.open(dsn, registry=build_registry(), settings=settings, max_size=2)
    engine = Advancer(db, batch=batch)
    print("ready", flush=True)
    while True:
        if not await engine.tick(workspace_id):
            await asyncio.sleep(0.01)

asyncio.run(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
"""


async def prepare(tx: Tx, make: Make) -> int:
    """Twelve steps on every way, of which some read what others wrote."""
    tags = [await make.tag(tx) for _ in range(3)]
    points = (await create_field(tx, name="Points", type="number")).id
    news = (await create_list(tx, name="News")).id
    left = [step("l1", "add_tag", tag_id=tags[1]), step("l2", "calculate_field", **_by(points, "add", 3))]
    right = [step("r1", "add_to_list", list_id=news), step("r2", "calculate_field", **_by(points, "add", 5))]
    yes: list[Json] = [step("y1", "add_note", body="Left."), step("y2", "remove_tag", tag_id=tags[1])]
    no: list[Json] = [step("n1", "add_note", body="Right."), step("n2", "remove_from_list", list_id=news)]
    content = document(
        step("s1", "add_tag", tag_id=tags[0]),
        step("s2", "update_field", field_id=points, value=1),
        step("s3", "split_paths", {"a": left, "b": right}, paths=[{"id": "a"}, {"id": "b"}]),
        step("s4", "wait_for_time", from_time="00:00", to_time="23:59"),
        step("s5", "if_else", {"yes": yes, "no": no}, condition=has_tag(tags[1])),
        step("s6", "calculate_field", **_by(points, "multiply", 2)),
        step("s7", "go_to", target="s4", at_most=1, afterwards="go_on"),
        step("s8", "add_tag", tag_id=tags[2]),
        step("s9", "end"),
    )
    automation = await activate(tx, content)
    await enter(tx, automation.id, await make.contacts(tx, CONTACTS))
    return automation.id


def _by(field_id: int, operation: str, value: int) -> dict[str, Any]:
    return {"field_id": field_id, "operation": operation, "value": value}


class Engine:
    """A process that moves contacts until it is killed."""

    def __init__(self, dsn: str, workspace_id: int) -> None:
        self.command = [sys.executable, "-c", ENGINE, dsn, str(workspace_id), str(BATCH)]

    async def start(self) -> None:
        self.process = await asyncio.create_subprocess_exec(*self.command, stdout=asyncio.subprocess.PIPE)
        assert self.process.stdout is not None
        await self.process.stdout.readline()

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()


async def done(db: Database, workspace_id: int, automation_id: int) -> int:
    async with db.read(workspace_id) as read:
        return (await queries.get_automation(read, automation_id)).completed


async def state(db: Database, workspace_id: int) -> tuple[Any, ...]:
    """Everything that a contact's way leaves behind, without the ids that differ between the two."""
    async with db.read(workspace_id) as read:
        facts = await read.all(
            sql("select kind, count(*) as n from activities.fact where workspace_id = {workspace} group by kind")
        )
        people = await read.all(
            sql(
                """
                select (select jsonb_agg(value) from jsonb_each(c.fields)) as fields,
                       (select count(*) from contacts.contact_tag as t
                        where t.workspace_id = {workspace} and t.contact_id = c.id) as tags,
                       (select min(s.status) from contacts.subscription as s
                        where s.workspace_id = {workspace} and s.contact_id = c.id) as status,
                       (select count(*) from contacts.note as n
                        where n.workspace_id = {workspace} and n.contact_id = c.id) as notes
                from contacts.contact as c where c.workspace_id = {workspace}
                """
            )
        )
    each = Counter((str(row["fields"]), row["tags"], row["status"], row["notes"]) for row in people)
    return Counter({row["kind"]: row["n"] for row in facts}), each


async def test_two_workers_killed_over_and_over_come_to_the_same(fresh_db: Database, make: Make) -> None:
    chance = random.Random()
    places: list[tuple[int, int]] = []
    for name in ("Peace", "War"):
        async with fresh_db.transaction(0) as tx:
            workspace_id = (await create_workspace(tx, name=name)).id
        async with fresh_db.transaction(workspace_id) as tx:
            places.append((workspace_id, await prepare(tx, make)))
    peace, war = places
    calm = Advancer(fresh_db, batch=BATCH)
    while await calm.tick(peace[0]):
        pass
    engines = [Engine(fresh_db.dsn, war[0]) for _ in range(2)]
    await asyncio.gather(*(engine.start() for engine in engines))
    for _ in range(KILLS):
        await asyncio.sleep(chance.uniform(0.05, 0.4))
        victims = chance.sample(engines, chance.randint(1, 2))
        await asyncio.gather(*(engine.kill() for engine in victims))
        if await done(fresh_db, *war) == CONTACTS:
            break
        await asyncio.gather(*(engine.start() for engine in victims))
    for _ in range(1_200):
        if await done(fresh_db, *war) == CONTACTS:
            break
        await asyncio.sleep(0.1)
    await asyncio.gather(*(engine.kill() for engine in engines))
    ways = await trails(fresh_db, *war)
    assert ways.total() == CONTACTS
    assert {trail.count("s4") for trail in ways} == {2}, "everyone went round once"
    await check_counts(fresh_db, *war)
    facts, people = await state(fresh_db, war[0])
    calm_facts, calm_people = await state(fresh_db, peace[0])
    # Who goes left is drawn by id, which differs; all the rest is the same.
    halves = {fact for fact in facts if facts[fact] != calm_facts[fact]}
    assert halves <= {102, 103, 104, 105}
    assert facts.keys() == calm_facts.keys()
    assert people.keys() == calm_people.keys()
    assert people.total() == calm_people.total() == CONTACTS
