"""Deals move, are won and lost, and both they and their contacts remember it."""

from __future__ import annotations

import asyncio
import random
from datetime import date, timedelta

import pytest

from tests.deals.parts import deal, sales, told
from tests.make import Client, Make
from waypost.contacts.actions.companies import create_company
from waypost.contacts.actions.row_fields import create_row_field, delete_row_field
from waypost.contacts.erasing import erase_contacts
from waypost.contacts.errors import ContactNotFound, FieldNotFound, ValueInvalid
from waypost.contacts.merging import merge_contacts
from waypost.deals.actions.changing import DealChange
from waypost.deals.actions.deals import (
    NewDeal,
    add_participant,
    create_deal,
    delete_deal,
    move_deal,
    remove_participant,
    update_deal,
    update_deals,
)
from waypost.deals.actions.pipelines import (
    create_pipeline,
    create_stage,
    delete_pipeline,
    delete_stage,
    order_stages,
    update_stage,
)
from waypost.deals.actions.tasks import NewTask, add_deal_note, create_task, finish_task, reopen_task, update_task
from waypost.deals.errors import (
    CurrencyInvalid,
    DealElsewhere,
    DealNotFound,
    LastStage,
    PipelineNameTaken,
    PipelineOccupied,
    StageElsewhere,
    StageNotFound,
    StageOccupied,
    TextMissing,
)
from waypost.deals.queries.deals import (
    DealFilter,
    find_deals,
    get_deal,
    list_column,
    list_deals,
    list_events,
    list_notes,
    list_participants,
    read_board,
)
from waypost.deals.queries.fields import DEAL_FIELDS
from waypost.deals.queries.pipelines import get_pipeline, list_pipelines
from waypost.deals.queries.reports import read_report
from waypost.deals.queries.tasks import TaskFilter, list_tasks
from waypost.deals.types import Status
from waypost.identity.errors import UserNotFound
from waypost.kernel.db import Database
from waypost.kernel.errors import Failure
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_pipeline_begins_with_stages_and_keeps_their_order(tx: Tx):
    plain = await create_pipeline(tx, name="  Big   deals ", currency="eur")
    assert (plain.name, plain.currency) == ("Big deals", "EUR")
    assert [stage.name for stage in plain.stages] == ["To contact", "In contact", "Follow up"]
    first, second, third = (stage.id for stage in plain.stages)
    middle = await create_stage(tx, plain.id, {"name": "Offer", "position": 2, "probability": 40, "stale_days": 7})
    assert [stage.id for stage in (await get_pipeline(tx, plain.id)).stages] == [first, middle.id, second, third]
    await update_stage(tx, middle.id, {"position": 4, "stale_days": None})
    await order_stages(tx, plain.id, [third, first])
    found = (await get_pipeline(tx, plain.id)).stages
    assert [stage.id for stage in found] == [third, first, second, middle.id]
    assert found[3].stale_days is None
    with pytest.raises(PipelineNameTaken):
        await create_pipeline(tx, name="BIG deals")


async def test_what_is_wrong_is_named(tx: Tx, make: Make):
    pipeline = await sales(tx)
    other = await create_pipeline(tx, name="Other")
    wrong: list[tuple[NewDeal, type[Failure], str | None]] = [
        (NewDeal(" \x00 "), TextMissing, "/title"),
        (NewDeal("A", currency="EURO"), CurrencyInvalid, "/currency"),
        (NewDeal("A", stage_id=999_999), StageNotFound, "/stage_id"),
        (NewDeal("A", pipeline_id=other.id, stage_id=pipeline.stages[0].id), StageElsewhere, "/stage_id"),
        (NewDeal("A", contact_id=999_999), ContactNotFound, None),
        (NewDeal("A", owner_id=999_999), UserNotFound, None),
        (NewDeal("A", fields={7: "x"}), FieldNotFound, "/fields/7"),
    ]
    for new, failure, pointer in wrong:
        with pytest.raises(failure) as caught:
            await create_deal(tx, new)
        assert pointer is None or caught.value.pointer == pointer
    assert (await list_deals(tx, DealFilter())).total == 0
    made = await deal(tx, pipeline)
    with pytest.raises(DealElsewhere):
        await move_deal(tx, made.id, pipeline.stages[1].id, before_id=made.id)
    with pytest.raises(DealNotFound):
        await update_deal(tx, 999_999, DealChange(title="B"))


async def test_a_deal_remembers_what_happened_and_tells_its_contact(tx: Tx, make: Make):
    pipeline, ada, grace = await sales(tx), await make.contact(tx), await make.contact(tx)
    made = await deal(tx, pipeline, ada, value=120_000, expected_on=date(2027, 1, 31))
    assert (made.stage_id, made.status, made.win_probability, made.currency) == (
        pipeline.stages[0].id,
        "open",
        10,
        "EUR",
    )
    await update_deal(tx, made.id, DealChange(stage_id=pipeline.stages[1].id, value=150_000))
    await update_deal(tx, made.id, DealChange(stage_id=pipeline.stages[1].id, value=150_000))
    lost = await update_deal(tx, made.id, DealChange(status=Status.LOST, lost_reason="Too dear"))
    assert (lost.lost_reason, lost.win_probability, lost.closed_at) == ("Too dear", 0, tx.now)
    again = await update_deal(tx, made.id, DealChange(status=Status.OPEN, contact_id=grace))
    assert (again.lost_reason, again.closed_at, again.contact_id) == ("", None, grace)
    await update_deal(tx, made.id, DealChange(status=Status.WON))
    assert await told(tx, ada) == [
        "deal_added",
        "deal_stage_changed",
        "deal_value_changed",
        "deal_lost",
        "deal_updated",
    ]
    assert await told(tx, grace) == ["deal_reopened", "deal_updated", "deal_won"]
    kinds = [event.kind for event in (await list_events(tx, made.id)).items]
    assert kinds[::-1] == ["created", "value", "stage", "status", "contact", "status", "status"]
    await delete_deal(tx, made.id)
    assert (await told(tx, grace))[-1] == "deal_deleted"


async def test_fields_of_deals_are_checked_and_cleared(tx: Tx, make: Make):
    pipeline = await sales(tx)
    source = await create_row_field(tx, DEAL_FIELDS, name="Source", type="dropdown", options=["Fair", "Web"])
    length = await create_row_field(tx, DEAL_FIELDS, name="Months", type="number", default_value=12)
    ada = await make.contact(tx)
    made = await deal(tx, pipeline, ada, fields={source.id: "Fair"})
    assert made.fields == {str(source.id): "Fair", str(length.id): 12}
    changed = await update_deal(tx, made.id, DealChange(fields={source.id: None, length.id: 24}))
    assert changed.fields == {str(length.id): 24}
    assert (await told(tx, ada)).count("deal_field_changed") == 2
    with pytest.raises(ValueInvalid):
        await update_deal(tx, made.id, DealChange(fields={source.id: "Moon"}))
    await delete_row_field(tx, DEAL_FIELDS, length.id)
    assert (await get_deal(tx, made.id)).fields == {}


async def test_moves_put_a_deal_where_it_was_dropped(tx: Tx):
    """Against a list that is kept in the test, over moves that halve the room between ranks many times."""
    pipeline = await sales(tx)
    stage_ids = [stage.id for stage in pipeline.stages]
    made = [(await deal(tx, pipeline, title=f"Deal {number}")).id for number in range(6)]
    board: dict[int, list[int]] = {stage_ids[0]: made[::-1], stage_ids[1]: [], stage_ids[2]: []}
    dice = random.Random(5)
    for turn in range(150):
        moving, stage_id = dice.choice(made), dice.choice(stage_ids[:2] if turn < 80 else stage_ids)
        others = [one for one in board[stage_id] if one != moving]
        place = min(1, len(others)) if turn % 3 else dice.randint(0, len(others))
        before_id = others[place] if place < len(others) else None
        await move_deal(tx, moving, stage_id, before_id=before_id)
        for column in board.values():
            if moving in column:
                column.remove(moving)
        board[stage_id].insert(board[stage_id].index(before_id) if before_id else len(board[stage_id]), moving)
        found = await read_board(tx, DealFilter(pipeline_id=pipeline.id), stage_ids)
        assert {column.stage_id: [one.id for one in column.deals] for column in found} == board


async def test_two_people_move_at_once(fresh_db: Database):
    """Nobody's move is lost, and no two deals come to lie on the same place."""
    db = fresh_db
    async with db.transaction(0) as tx:
        workspace_id = await tx.value(
            sql("insert into identity.workspace (name, created_at) values ('Moves', {now}) returning id")
        )
    async with db.transaction(workspace_id) as tx:
        pipeline = await sales(tx)
        made = [(await deal(tx, pipeline, title=f"Deal {number}")).id for number in range(12)]
    target = pipeline.stages[1].id

    async def move(deal_id: int) -> None:
        async with db.transaction(workspace_id) as tx:
            await move_deal(tx, deal_id, target, before_id=None)

    await asyncio.gather(*(move(deal_id) for deal_id in made))
    async with db.read(workspace_id) as read:
        column = (await read_board(read, DealFilter(), [target]))[0]
        ranks = await read.all(sql("select distinct rank from deals.deal where workspace_id = {workspace}"))
    assert sorted(one.id for one in column.deals) == made
    assert len(ranks) == 12


async def test_the_board_adds_up_by_currency_and_weight(tx: Tx, make: Make):
    pipeline = await sales(tx)
    ada = await make.contact(tx, first_name="Ada", last_name="Byron")
    for number in range(5):
        await deal(tx, pipeline, ada, title=f"Roof {number}", value=1_000)
    await deal(tx, pipeline, title="Floor", value=700, currency="USD", probability=50)
    await deal(tx, pipeline, title="Won", value=9_000, status=Status.WON)
    first, second, _ = await read_board(
        tx, DealFilter(pipeline_id=pipeline.id, status="open"), [stage.id for stage in pipeline.stages], limit=4
    )
    assert (first.count, first.values, first.weighted) == (6, {"EUR": 5_000, "USD": 700}, {"EUR": 500, "USD": 350})
    assert (second.count, second.deals) == (0, [])
    assert first.next is not None
    rest = await list_column(tx, DealFilter(status="open"), pipeline.stages[0].id, after=first.next)
    assert [one.title for one in [*first.deals, *rest.items]] == ["Floor", *(f"Roof {n}" for n in range(4, -1, -1))]
    found = await list_deals(tx, DealFilter(search="byron roof"), sort="title", limit=3)
    assert ([one.title for one in found.items], found.total) == (["Roof 0", "Roof 1", "Roof 2"], 5)
    more = await list_deals(tx, DealFilter(search="byron roof"), sort="title", limit=3, after=found.next)
    assert [one.title for one in more.items] == ["Roof 3", "Roof 4"]


async def test_stages_with_deals_are_not_deleted_from_under_them(tx: Tx):
    pipeline = await sales(tx)
    first, second, third = pipeline.stages
    made = await deal(tx, pipeline)
    with pytest.raises(StageOccupied):
        await delete_stage(tx, first.id)
    with pytest.raises(StageElsewhere):
        await delete_stage(tx, first.id, move_to=first.id)
    await delete_stage(tx, first.id, move_to=second.id)
    assert (await get_deal(tx, made.id)).stage_id == second.id
    with pytest.raises(PipelineOccupied):
        await delete_pipeline(tx, pipeline.id)
    await delete_stage(tx, third.id)
    with pytest.raises(LastStage):
        await delete_stage(tx, second.id, move_to=second.id)
    await delete_deal(tx, made.id)
    await delete_pipeline(tx, pipeline.id)
    assert await list_pipelines(tx) == []


async def test_merging_and_erasing_take_deals_along(tx: Tx, make: Make):
    pipeline = await sales(tx)
    ada, twin, grace = [await make.contact(tx) for _ in range(3)]
    mine = await deal(tx, pipeline, twin)
    await add_participant(tx, mine.id, ada, role="Decides")
    await add_participant(tx, mine.id, grace, role="Advises")
    await create_task(tx, NewTask("Call", tx.now, contact_id=twin))
    await merge_contacts(tx, ada, [twin])
    assert (await get_deal(tx, mine.id)).contact_id == ada
    only = sql("m.deal_id = {id}", id=mine.id)
    assert [one.contact_id for one in await list_participants(tx, only=only)] == [grace]
    assert [task.contact_id for task in (await list_tasks(tx, TaskFilter(contact_id=ada))).items] == [ada]
    await add_deal_note(tx, mine.id, "Likes blue.")
    await erase_contacts(tx, [grace])
    assert await list_participants(tx, only=only) == []
    assert await find_deals(tx, [mine.id])
    await erase_contacts(tx, [ada])
    for table in ("deal", "event", "note", "task", "participant"):
        count = f"select count(*) from deals.{table} where workspace_id = {{workspace}}"
        assert await tx.value(sql(count)) == 0, table  # type: ignore[arg-type]


async def test_participants_come_and_go(tx: Tx, make: Make):
    made = await deal(tx, await sales(tx))
    ada = await make.contact(tx)
    first = await add_participant(tx, made.id, ada, role="Buys")
    second = await add_participant(tx, made.id, ada, role="Pays")
    assert (first.id, second.role) == (second.id, "Pays")
    assert [one.id for one in (await list_deals(tx, DealFilter(contact_id=ada))).items] == [made.id]
    await remove_participant(tx, first.id)
    assert (await list_deals(tx, DealFilter(contact_id=ada))).total == 0


async def test_tasks_are_done_once_and_keep_a_deal_fresh(tx: Tx, make: Make):
    pipeline, ada = await sales(tx), await make.contact(tx)
    await update_stage(tx, pipeline.stages[0].id, {"stale_days": 5})
    made = await deal(tx, pipeline, ada)
    await tx.run(
        sql(
            "update deals.deal set touched_at = {at} where workspace_id = {workspace} and id = {id}",
            at=tx.now - timedelta(days=6),
            id=made.id,
        )
    )
    assert (await get_deal(tx, made.id)).is_stale
    call = await create_task(tx, NewTask("Call", tx.now + timedelta(days=2), type="call", deal_id=made.id))
    mail = await create_task(tx, NewTask("Write", tx.now + timedelta(days=1), type="email", deal_id=made.id))
    fresh = await get_deal(tx, made.id)
    assert fresh.next_task is not None
    assert (fresh.is_stale, fresh.next_task.title) == (False, "Write")
    await finish_task(tx, mail.id, outcome="Answered")
    await finish_task(tx, mail.id, outcome="Twice")
    done = await list_tasks(tx, TaskFilter(is_done=True))
    assert [(task.title, task.outcome) for task in done.items] == [("Write", "Answered")]
    assert [task.id for task in (await list_tasks(tx, TaskFilter(is_done=False, contact_id=ada))).items] == [call.id]
    await reopen_task(tx, mail.id)
    await update_task(tx, mail.id, {"title": "Write again", "due_at": tx.now + timedelta(days=9)})
    due = [task.title for task in (await list_tasks(tx, TaskFilter(is_done=False))).items]
    assert due == ["Call", "Write again"]
    assert (await told(tx, ada)).count("task_done") == 1
    with pytest.raises(Failure):
        await create_task(tx, NewTask("Nothing", tx.now))
    await add_deal_note(tx, made.id, "Hello\r\nthere")
    assert [note.body for note in await list_notes(tx, made.id)] == ["Hello\nthere"]


async def test_the_report_counts_what_happened(tx: Tx, make: Make):
    pipeline = await sales(tx)
    new, qualified, _ = pipeline.stages
    won = await deal(tx, pipeline, value=4_000)
    lost = await deal(tx, pipeline, value=2_000)
    await deal(tx, pipeline, value=1_000)
    await tx.run(
        sql(
            "update deals.deal set created_at = {at}, stage_entered_at = {at} where workspace_id = {workspace}",
            at=tx.now - timedelta(days=10),
        )
    )
    await tx.run(
        sql("update deals.event set at = {at} where workspace_id = {workspace}", at=tx.now - timedelta(days=10))
    )
    await update_deals(tx, [won.id, lost.id], DealChange(stage_id=qualified.id))
    await update_deal(tx, won.id, DealChange(status=Status.WON))
    await update_deal(tx, lost.id, DealChange(status=Status.LOST, lost_reason="Too dear"))
    report, owners = await read_report(tx, pipeline, since=tx.now - timedelta(days=30))
    assert (report.won_count, report.won_value, report.lost_count, report.win_rate) == (1, 4_000, 1, 0.5)
    assert (report.open_count, report.open_value, report.weighted_value) == (1, 1_000, 100)
    assert report.average_days_to_win == pytest.approx(10)
    rows = {row.stage_id: row for row in report.stages}
    assert (rows[new.id].entered_count, rows[new.id].left_count) == (3, 2)
    assert rows[new.id].average_days == pytest.approx(10)
    assert [(row.reason, row.count) for row in report.reasons] == [("Too dear", 1)]
    assert [(row.owner_id, row.won_count) for row in owners] == [(None, 1)]


async def test_deals_over_http(client: Client, make: Make):
    created = await client.post("/api/v1/pipelines", json={"name": "Http", "currency": "JPY"})
    assert created.status_code == 201
    pipeline = created.json()
    company = await client.post("/api/v1/companies", json={"name": "Acme"})
    body = {"title": "Roof", "value": 5, "pipeline_id": pipeline["id"], "company_id": company.json()["id"]}
    made = (await client.post("/api/v1/deals", json=body)).json()
    assert (made["company_name"], made["currency"], made["status"]) == ("Acme", "JPY", "open")
    stage_id = pipeline["stages"][2]["id"]
    moved = await client.post(f"/api/v1/deals/{made['id']}/move", json={"stage_id": stage_id})
    assert moved.json()["stage_id"] == stage_id
    board = (await client.get(f"/api/v1/pipelines/{pipeline['id']}/board")).json()
    assert [column["count"] for column in board["columns"]] == [0, 0, 1]
    changed = await client.patch(f"/api/v1/deals/{made['id']}", json={"status": "won", "expected_on": "2027-02-01"})
    assert (changed.json()["status"], changed.json()["win_probability"]) == ("won", 100)
    task = await client.post(
        "/api/v1/tasks", json={"title": "Call", "due_at": "2027-01-01T10:00:00Z", "deal_id": made["id"], "type": "call"}
    )
    done = await client.patch(f"/api/v1/tasks/{task.json()['id']}", json={"is_done": True, "outcome": "Reached"})
    assert done.json()["outcome"] == "Reached"
    report = await client.get(f"/api/v1/pipelines/{pipeline['id']}/report?days=30")
    assert report.json()["report"]["won_count"] == 1
    for path, payload, pointer in (
        ("/api/v1/deals", {"title": "A", "value": "much"}, "/value"),
        ("/api/v1/deals", {"title": "A", "stage_id": 0}, "/stage_id"),
        ("/api/v1/deals", {"value": 1}, "/title"),
        ("/api/v1/pipelines", {"name": "X", "stages": [{"name": "A", "color": "red"}]}, "/stages/0/color"),
    ):
        answer = await client.post(path, json=payload)
        assert answer.status_code == 422, answer.text
        assert pointer in answer.text
    assert (await client.delete(f"/api/v1/deals/{made['id']}")).status_code == 204
    assert (await client.get(f"/api/v1/deals/{made['id']}")).status_code == 404


async def test_a_company_is_shown_until_it_is_gone(tx: Tx):
    acme = await create_company(tx, name="Acme")
    made = await deal(tx, await sales(tx), company_id=acme.id)
    assert made.company_name == "Acme"
    await tx.run(sql("delete from contacts.company where workspace_id = {workspace} and id = {id}", id=acme.id))
    assert (await get_deal(tx, made.id)).company_id is None
