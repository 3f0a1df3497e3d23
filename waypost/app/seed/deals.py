"""The coffee roaster's wholesale deals: two pipelines, lived through the last months."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from waypost.contacts.actions.companies import ensure_companies
from waypost.contacts.actions.row_fields import create_row_field
from waypost.deals.actions.changing import DealChange
from waypost.deals.actions.deals import NewDeal, create_deal, update_deal
from waypost.deals.actions.pipelines import create_pipeline
from waypost.deals.actions.tasks import NewTask, add_deal_note, create_task, finish_task
from waypost.deals.queries.fields import DEAL_FIELDS
from waypost.deals.types import Pipeline, Status, TaskType
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

STAGES = (
    ("New lead", "#64748b", 10, 45),
    ("Qualified", "#0ea5e9", 30, 45),
    ("Tasting", "#6366f1", 50, 40),
    ("Proposal", "#f97316", 70, 30),
    ("Negotiation", "#14b8a6", 85, 21),
)
SERVICE = (("Asked", "#64748b", 30, 7), ("Planned", "#0ea5e9", 70, 21), ("Confirmed", "#22c55e", 95, 21))
COMPANIES = ("Kiso Studio", "Atlas Freight", "Lumen Labs", "Casa Verde", "Blue Harbor", "Orbit Fitness", "Nori Kitchen")
TITLES = ("House blend for the canteen", "Espresso machines", "Monthly subscription", "Office starter set",
          "Guest coffee for events", "Renewal for next year", "Barista training")  # fmt: skip
EVENTS = ("Tasting evening", "Company workshop", "Latte art class")
TASKS: tuple[tuple[TaskType, str], ...] = (
    ("call", "Ask how the tasting went"),
    ("email", "Send the proposal"),
    ("meeting", "Visit the kitchen"),
    ("to_do", "Prepare samples"),
)
REASONS = ("Price", "Timing", "Competitor")


async def seed_deals(db: Database, workspace_id: int, *, now: datetime) -> None:
    """Some thirty deals with their tasks, each begun in its week and moved on since."""
    dice = random.Random(11)
    begin = now - timedelta(days=75)
    async with db.transaction(workspace_id, now=begin) as tx:
        wholesale = await _pipeline(tx, "Wholesale", STAGES)
        workshops = await _pipeline(tx, "Workshops", SERVICE)
        await create_row_field(tx, DEAL_FIELDS, name="Source", type="dropdown", options=["Fair", "Web", "Friend"])
        companies = list((await ensure_companies(tx, COMPANIES)).values())
        owner_id = await tx.value(sql("select min(user_id) from identity.membership where workspace_id = {workspace}"))
        people = await tx.all(
            sql(
                "select id from contacts.contact where workspace_id = {workspace} and deleted_at is null order by id limit 60"
            )
        )
    for number in range(30):
        pipeline, titles = (wholesale, TITLES) if number % 4 else (workshops, EVENTS)
        new = NewDeal(
            title=titles[number % len(titles)],
            value=dice.randrange(4, 180) * 12_500,
            contact_id=people[number % len(people)]["id"] if people else None,
            company_id=companies[number % len(companies)] if number % 4 else None,
            owner_id=owner_id if number % 5 else None,
            pipeline_id=pipeline.id,
            expected_on=(now + timedelta(days=dice.randrange(5, 70))).date(),
        )
        # lint: no-row-loops because a turn is a deal of the sample with a life of its own
        await _live(db, workspace_id, pipeline, new, dice, start=begin + timedelta(days=2 * number), now=now)


async def _pipeline(tx: Tx, name: str, stages: tuple[tuple[str, str, int, int], ...]) -> Pipeline:
    rows = [
        {"name": title, "color": color, "probability": percent, "stale_days": days}
        for title, color, percent, days in stages
    ]
    return await create_pipeline(tx, name=name, currency="EUR", stages=rows)


async def _live(
    db: Database,
    workspace_id: int,
    pipeline: Pipeline,
    new: NewDeal,
    dice: random.Random,
    *,
    start: datetime,
    now: datetime,
) -> None:
    """A deal moves a stage every week or so, until it is won, lost or left where it is."""
    async with db.transaction(workspace_id, now=start) as tx:
        deal = await create_deal(tx, new)
    at, moves = start, dice.randrange(0, len(pipeline.stages) + 1)
    for stage in pipeline.stages[1 : moves + 1]:
        at += timedelta(days=dice.randrange(2, 11))
        if at >= now - timedelta(days=1):
            return
        async with db.transaction(workspace_id, now=at) as tx:
            await update_deal(tx, deal.id, DealChange(stage_id=stage.id))  # lint: no-row-loops because a turn is a week
    async with db.transaction(workspace_id, now=min(at + timedelta(days=2), now - timedelta(hours=3))) as tx:
        fate = dice.random()
        if moves == len(pipeline.stages) or fate < 0.15:
            await update_deal(tx, deal.id, DealChange(status=Status.WON))
        elif fate < 0.3:
            await update_deal(tx, deal.id, DealChange(status=Status.LOST, lost_reason=dice.choice(REASONS)))
        elif fate < 0.8:
            kind, title = dice.choice(TASKS)
            due = now + timedelta(hours=dice.randrange(-60, 160))
            task = await create_task(tx, NewTask(title, due, type=kind, deal_id=deal.id, assignee_id=new.owner_id))
            if fate > 0.7:
                await finish_task(tx, task.id, outcome="They liked the light roast.")
                await add_deal_note(tx, deal.id, "Wants to taste the winter blend before deciding.")
