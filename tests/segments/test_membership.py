"""Members are kept by building, by the log and by time, and are always who a fresh look would find."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.automations.flow import activate, document, step
from tests.automations.flow import settle as run_automations
from tests.automations.flow import tagged as has_tag
from tests.make import Client, Make
from tests.segments.keep import EVERYONE, group, inside, keep, kept, members, tagged, told
from waypost.contacts.actions.tags import add_tag, remove_tag
from waypost.contacts.actions.trash import delete_contacts
from waypost.contacts.audience import these
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.segments import keeping
from waypost.segments.actions import create_segment, delete_segment, rebuild_all, update_segment
from waypost.segments.build import Builder, claim
from waypost.segments.flip import due_now
from waypost.segments.queries import audience, get_segment


async def opened(tx: Tx, contact_id: int, at: datetime) -> None:
    await tx.run(
        sql(
            """
            insert into activities.engagement (workspace_id, contact_id, last_open_at, open_count)
            values ({workspace}, {contact_id}, {at}, 1)
            """,
            contact_id=contact_id,
            at=at,
        )
    )


def silent(days: int) -> dict[str, Any]:
    return {"type": "last_engagement", "params": {"what": "open", "operator": "more_than_days_ago", "value": days}}


async def fresh(db: Database, workspace_id: int, condition: dict[str, Any], now: datetime | None = None) -> set[int]:
    async with db.transaction(workspace_id, now=now) as tx:
        return {row["contact_id"] for row in await tx.all(await audience(tx, condition))}


async def test_the_first_members_are_found_without_facts_and_events_move_the_rest(
    db: Database, workspace_id: int, make: Make
) -> None:
    async with db.transaction(workspace_id) as tx:
        vip, bad = await make.tag(tx), await make.tag(tx)
        ada, grace, alan = await make.contact(tx, tags=[vip]), await make.contact(tx), await make.contact(tx)
    condition = group("all", tagged(vip), group("none", tagged(bad)))
    segment_id = await kept(db, workspace_id, condition)
    assert (await members(db, workspace_id, segment_id), await told(db, workspace_id)) == ({ada}, [])
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, vip, these([grace, alan]))
        await add_tag(tx, bad, these([alan]))
    await keep(db, workspace_id)
    assert await members(db, workspace_id, segment_id) == {ada, grace}
    async with db.transaction(workspace_id) as tx:
        await remove_tag(tx, bad, these([alan]))
        await delete_contacts(tx, these([ada]))
    await keep(db, workspace_id)
    assert await members(db, workspace_id, segment_id) == {grace, alan}
    entered, left = 150, 151
    facts = await told(db, workspace_id)
    assert facts[0] == (entered, segment_id, grace)
    assert sorted(facts[1:]) == [(entered, segment_id, alan), (left, segment_id, ada)]
    async with db.read(workspace_id) as read:
        segment = await get_segment(read, segment_id)
    assert (segment.state, segment.member_count) == ("current", 2)


@pytest.mark.parametrize("seed", range(4))
async def test_after_random_changes_the_members_are_who_a_fresh_look_finds(
    db: Database, workspace_id: int, make: Make, seed: int
) -> None:
    chance = random.Random(seed)
    async with db.transaction(workspace_id) as tx:
        tags = [await make.tag(tx) for _ in range(3)]
        ids = await make.contacts(tx, 40)
    a, b, c = (tagged(tag_id) for tag_id in tags)
    conditions = [a, group("none", a), group("any", a, group("all", b, {"not": c})), group("none", group("any", b, c))]
    segments = [await kept(db, workspace_id, item, f"S{n}") for n, item in enumerate(conditions)]
    conditions.append(group("all", inside(segments[2]), {"not": inside(segments[3])}))
    segments.append(await kept(db, workspace_id, conditions[-1], "Outer"))
    for _ in range(12):
        async with db.transaction(workspace_id) as tx:
            who = these(chance.sample(ids, chance.randint(1, 12)))
            change = chance.choice([add_tag, add_tag, remove_tag])
            await change(tx, chance.choice(tags), who)
            if chance.random() < 0.2:
                await delete_contacts(tx, these([chance.choice(ids)]))
            if chance.random() < 0.3:
                ids.append(await make.contact(tx))
        if chance.random() < 0.4:
            async with db.transaction(workspace_id) as tx:
                number = chance.randrange(4)
                conditions[number] = group(chance.choice(["all", "any", "none"]), *chance.sample([a, b, c], 2))
                await update_segment(tx, segments[number], condition=conditions[number])
        if chance.random() < 0.5:
            await keep(db, workspace_id, chunk=7)
    async with db.transaction(workspace_id) as tx:  # contacts of `make` come without their fact
        await add_tag(tx, tags[0], these(ids))
        await remove_tag(tx, tags[0], these(ids[::2]))
        await add_tag(tx, tags[1], these(ids))
    await keep(db, workspace_id, chunk=7)
    for segment_id, condition in zip(segments, conditions, strict=True):
        assert await members(db, workspace_id, segment_id) == await fresh(db, workspace_id, condition), condition


async def test_time_moves_members_at_their_moment_by_reading_only_who_is_due(
    db: Database, workspace_id: int, make: Make
) -> None:
    now = datetime.now(UTC)
    async with db.transaction(workspace_id) as tx:
        tag = await make.tag(tx)
        ids = sorted(await make.contacts(tx, 3_000))
        await tx.run(
            sql(
                """
                insert into activities.engagement (workspace_id, contact_id, last_open_at, open_count)
                select {workspace}, id, {now} - interval '1 day' - (number - 1) * interval '1 minute', 1
                from unnest({ids}::bigint[]) with ordinality as given (id, number)
                """,
                ids=ids,
            )
        )
        await add_tag(tx, tag, these(ids[:2_000]))
    condition = group("all", tagged(tag), silent(30))
    segment_id = await kept(db, workspace_id, condition)
    assert await members(db, workspace_id, segment_id) == set()
    async with db.read(workspace_id) as read:
        counted = sql("select count(*) from segments.membership_due where workspace_id = {workspace}")
        # Who lacks the tag waits for the tag, not for time.
        assert await read.value(counted) == 2_000
    moment = now + timedelta(days=29) - timedelta(minutes=1_994, seconds=30)
    await keep(db, workspace_id, now=moment)
    assert await members(db, workspace_id, segment_id) == set(ids[1_995:2_000])
    assert await fresh(db, workspace_id, condition, moment) == set(ids[1_995:2_000])
    assert len(await told(db, workspace_id)) == 5
    async with db.transaction(workspace_id, now=moment + timedelta(minutes=1)) as tx:
        await tx.conn.execute("analyze segments.membership_due")
        plan = await tx.all(sql("explain (analyze, timing off) {due}", due=due_now(5_000)))
    text = "\n".join(row[0] for row in plan)
    assert "membership_due_at" in text, text
    assert "rows=1 loops=1" in text.replace("rows=1.00", "rows=1"), text


def lately(days: int) -> dict[str, Any]:
    return {"type": "last_engagement", "params": {"what": "open", "operator": "in_last_days", "value": days}}


@pytest.mark.parametrize("seed", range(3))
async def test_at_every_moment_the_members_are_who_a_fresh_look_finds(
    db: Database, workspace_id: int, make: Make, seed: int
) -> None:
    chance = random.Random(seed)
    now = datetime.now(UTC)
    async with db.transaction(workspace_id) as tx:
        tag = await make.tag(tx)
        ids = await make.contacts(tx, 30)
        for contact_id in chance.sample(ids, 24):
            await opened(tx, contact_id, now - timedelta(days=chance.uniform(0, 40)))
        await add_tag(tx, tag, these(chance.sample(ids, 12)))
    has, lacks = tagged(tag), group("none", tagged(tag))
    conditions = [
        silent(30),
        {"not": lately(7)},
        group("all", has, lately(20), {"not": lately(3)}),
        group("any", lacks, group("all", silent(10), {"not": silent(25)})),
        group("none", group("any", has, lately(12)), silent(33)),
    ]
    segments = [await kept(db, workspace_id, item, f"T{n}") for n, item in enumerate(conditions)]
    moment = now
    for _ in range(8):
        moment += timedelta(days=chance.uniform(0.01, 9))
        async with db.transaction(workspace_id, now=moment) as tx:
            await chance.choice([add_tag, remove_tag])(tx, tag, these(chance.sample(ids, 5)))
        await keep(db, workspace_id, now=moment)
        for segment_id, condition in zip(segments, conditions, strict=True):
            assert await members(db, workspace_id, segment_id) == await fresh(db, workspace_id, condition, moment)


async def test_what_the_log_settled_during_a_build_is_not_undone(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        tag = await make.tag(tx)
        ada, grace = await make.contact(tx, tags=[tag]), await make.contact(tx)
        segment_id = (await create_segment(tx, name="Kept", condition=tagged(tag))).id
    builder = Builder(db)
    async with db.transaction(workspace_id) as tx:
        segment = await claim(tx)
    assert segment is not None
    async with db.transaction(workspace_id) as tx:
        assert await claim(tx) is None
        found = await builder.read(tx, segment)
    async with db.transaction(workspace_id) as tx:
        await remove_tag(tx, tag, these([ada]))
        await add_tag(tx, tag, these([grace]))
    await keep(db, workspace_id)
    await builder.write(workspace_id, segment, found)
    assert await members(db, workspace_id, segment_id) == {grace}
    async with db.read(workspace_id) as read:
        assert (await get_segment(read, segment_id)).member_count == 1


async def test_a_change_reaches_every_segment_built_on_it(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        one, two = await make.tag(tx), await make.tag(tx)
        ada, grace = await make.contact(tx, tags=[one]), await make.contact(tx, tags=[two])
    inner = await kept(db, workspace_id, tagged(one), "Inner")
    middle = await kept(db, workspace_id, group("all", inside(inner)), "Middle")
    outer = await kept(db, workspace_id, {"not": inside(middle)}, "Outer")
    assert await members(db, workspace_id, outer) == {grace}
    async with db.transaction(workspace_id) as tx:
        await update_segment(tx, inner, condition=tagged(two))
        assert (await get_segment(tx, outer)).state == "building"
    await keep(db, workspace_id)
    assert await members(db, workspace_id, middle) == {grace}
    assert await members(db, workspace_id, outer) == {ada}
    assert await told(db, workspace_id) == []
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, two, these([ada]))
    await keep(db, workspace_id)
    assert await members(db, workspace_id, outer) == set()


async def test_a_segment_that_cannot_be_asked_stops_no_other(
    db: Database, workspace_id: int, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with db.transaction(workspace_id) as tx:
        tag, ada = await make.tag(tx), await make.contact(tx)
    wrong = await kept(db, workspace_id, tagged(tag), "Wrong")
    right = await kept(db, workspace_id, group("all", tagged(tag)), "Right")
    settling = keeping.settling

    def failing(segment: Any, *rest: Any) -> Any:
        return sql("select 1/0 as entered") if segment.id == wrong else settling(segment, *rest)

    monkeypatch.setattr(keeping, "settling", failing)
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, tag, these([ada]))
    await keep(db, workspace_id)
    assert await members(db, workspace_id, right) == {ada}
    async with db.read(workspace_id) as read:
        assert (await get_segment(read, wrong)).state == "broken"


async def test_a_night_puts_right_what_changed_without_a_fact(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        tag, ada = await make.tag(tx), await make.contact(tx)
    segment_id = await kept(db, workspace_id, tagged(tag))
    lost = await kept(db, workspace_id, EVERYONE, "Lost")
    async with db.transaction(workspace_id) as tx:
        grace = await make.contact(tx, tags=[tag])
        wrong = {"type": "is_tall"}
        await tx.run(
            sql(
                "update segments.segment set condition = {wrong} where workspace_id = {workspace} and id = {id}",
                wrong=wrong,
                id=lost,
            )
        )
        await rebuild_all(tx)
    await keep(db, workspace_id)
    assert (await members(db, workspace_id, segment_id), await told(db, workspace_id)) == ({grace}, [])
    async with db.transaction(workspace_id) as tx:
        broken = await get_segment(tx, lost)
        assert (broken.state, broken.error) == ("broken", "There is no condition called is_tall.")
        await update_segment(tx, lost, condition=EVERYONE)
    await keep(db, workspace_id)
    assert await members(db, workspace_id, lost) == {ada, grace}


async def test_entering_a_segment_starts_an_automation(db: Database, workspace_id: int, make: Make) -> None:
    async with db.transaction(workspace_id) as tx:
        tag, mark = await make.tag(tx), await make.tag(tx)
        before, ada = await make.contact(tx, tags=[tag]), await make.contact(tx)
    segment_id = await kept(db, workspace_id, tagged(tag))
    async with db.transaction(workspace_id) as tx:
        trigger = {"id": "t", "type": "segment_entered", "params": {"segment_id": segment_id}, "runs": "once"}
        await activate(tx, document(step("a", "add_tag", tag_id=mark), triggers=[trigger]))
    async with db.transaction(workspace_id) as tx:
        await add_tag(tx, tag, these([ada]))
    await keep(db, workspace_id)
    await run_automations(db, workspace_id)
    assert await has_tag(db, workspace_id, mark) == {ada}
    assert before not in await has_tag(db, workspace_id, mark)
    async with db.transaction(workspace_id) as tx:
        with pytest.raises(Exception, match="is used by"):
            await delete_segment(tx, segment_id)


async def test_another_workspace_has_nothing_of_it(client: Client, db: Database, make: Make, workspace_id: int) -> None:
    async with db.transaction(workspace_id) as tx:
        tag = await make.tag(tx)
        await make.contact(tx, tags=[tag])
    segment_id = await kept(db, workspace_id, EVERYONE)
    async with db.transaction(0) as tx:
        from waypost.identity.actions.workspaces import create_workspace

        stranger = (await create_workspace(tx, name="Elsewhere")).id
    assert await members(db, stranger, segment_id) == set()
    assert await fresh(db, stranger, EVERYONE) == set()
    assert await fresh(db, stranger, tagged(tag)) == set()
    async with db.transaction(stranger) as tx:
        with pytest.raises(Exception, match="no segment"):
            await audience(tx, inside(segment_id))
        await keeping.settle(tx, {segment_id: [1]})
    assert len(await members(db, workspace_id, segment_id)) == 1
