"""The people of the sample workspace: a coffee roaster's customers, who came over the last weeks."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

from waypost.contacts.actions import add_tag, create_contact, create_field, create_list, ensure_tags, subscribe
from waypost.kernel.db import Database
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Actor, Tx

DAYS = 26
PER_DAY = 9
USER = Actor("system")
FIRST = "Ada Grace Linus Katherine Mary Radia Alan Edsger Barbara Donald Tina Oliver Iwo Lucía Julia Otávio Noor Mei".split()
LAST = (
    "Lovelace Hopper Johnson Jackson Perlman Turing Liskov Flores Grys Soria Aguilar Souza Müller Okafor Tanaka".split()
)
CITIES = ["Bergen", "Gdańsk", "Lisbon", "Galway", "Trieste", "Aarhus", "Valencia", "Ghent"]
GRINDS = ["Whole beans", "Filter", "Espresso"]
TAGS = ["Engaged", "Quiet", "Came back", "Best customer", "Workshop"]
LISTS = ["Newsletter", "Friends of the house"]


async def seed_contacts(db: Database, workspace_id: int) -> None:
    """Tags, lists and fields, then day by day the people, so that timelines and charts have a past."""
    dice = random.Random(7)
    start = datetime.now(UTC) - timedelta(days=DAYS)
    async with db.transaction(workspace_id, actor=USER, now=start) as tx:
        tags = list((await ensure_tags(tx, TAGS)).values())
        # lint: no-row-loops because there are two lists
        lists = [(await create_list(tx, name=name, sender_url="https://harbour.example")).id for name in LISTS]
        city = (await create_field(tx, name="City")).id
        grind = (await create_field(tx, name="Grind", type="dropdown", options=GRINDS)).id
        orders = (await create_field(tx, name="Orders", type="number")).id
    for day in range(DAYS):
        now = start + timedelta(days=day, hours=1 + day % 9, minutes=(day * 17) % 60)
        async with db.transaction(workspace_id, actor=USER, now=now) as tx:
            values = {city: dice.choice(CITIES), grind: dice.choice(GRINDS), orders: dice.randint(0, 30)}
            # lint: no-row-loops because a turn is a day of a small sample
            people = await _arrive(tx, dice, day, values, city)
            # lint: no-row-loops because a turn is a day of a small sample
            await subscribe(tx, lists[0], _these(people[: PER_DAY - 2]), source="Sign-up at the shop")
            # lint: no-row-loops because a turn is a day of a small sample
            await subscribe(tx, lists[1], _these(people[-3:]), source="Tasting")
            # lint: no-row-loops because a turn is a day of a small sample
            await add_tag(tx, tags[day % len(tags)], _these(people[2:6]))


async def _arrive(tx: Tx, dice: random.Random, day: int, values: dict[int, str | int], city: int) -> list[int]:
    found: list[int] = []
    for number in range(PER_DAY):
        first, last = dice.choice(FIRST), dice.choice(LAST)
        # lint: no-row-loops because these are nine people of a sample, each with values of their own
        contact = await create_contact(
            tx,
            email=f"{first}.{last}.{day * PER_DAY + number}@example.com".lower(),
            first_name=first,
            last_name=last,
            phone=f"+44 20 7946 {day * PER_DAY + number:04d}" if number % 3 == 0 else "",
            fields={**values, city: dice.choice(CITIES)},
        )
        found.append(contact.id)
    return found


def _these(contact_ids: list[int]) -> Sql:
    return sql("select unnest({ids}::bigint[]) as contact_id", ids=contact_ids)
