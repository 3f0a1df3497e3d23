"""The people of the sample workspace and what they are sorted by."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import orjson

from waypost.contacts.actions import create_field, create_list, ensure_tags
from waypost.contacts.actions.fields import stored_values
from waypost.contacts.actions.staged import merge_rows
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import Field
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

FIRST = (
    "Ada Grace Linus Katherine Mary Radia Alan Edsger Barbara Donald Tina Oliver Iwo Lucía Julia Otávio Noor Mei "
    "Amara Björn Chiara Dmitri Elif Farid Greta Hana Ines Jonas Kofi Leila Mateo Nadia Owen Priya Quentin Rosa "
    "Sven Tomás Uma Viktor Wanda Ximena Yusuf Zofia"
).split()
LAST = (
    "Lovelace Hopper Johnson Jackson Perlman Turing Liskov Flores Grys Soria Aguilar Souza Müller Okafor Tanaka "
    "Almeida Bergström Costa Dubois Eriksen Ferrari Gallagher Haddad Ivanova Jansen Kowalski Lindqvist Moreau "
    "Nakamura O'Brien Petrov Quispe Rossi Schneider Takahashi Urbański Vargas Weber Yıldız Zhang"
).split()
CITIES = ["Bergen", "Gdańsk", "Lisbon", "Galway", "Trieste", "Aarhus", "Valencia", "Ghent"]
GRINDS = ["Whole beans", "Filter", "Espresso"]
TAGS = ["Engaged", "Quiet", "Came back", "Best customer", "Workshop", "Wholesale"]
LISTS = ["Newsletter", "Friends of the house"]
TAG_CHANCES = {"Best customer": 0.06, "Workshop": 0.12, "Wholesale": 0.04}
BLENDS = sum(1 << TAGS.index(name) for name in TAG_CHANCES)

Row = tuple[int, str, str, str, str, str, int, str]


@dataclass(frozen=True, slots=True)
class Words:
    """What contacts are sorted by, by name."""

    tags: dict[str, int]
    lists: dict[str, int]
    fields: dict[str, Field]


async def seed_structure(tx: Tx) -> Words:
    """Tags, lists and fields."""
    made = await ensure_tags(tx, TAGS)
    # lint: no-row-loops because there are two lists
    lists = {name: (await create_list(tx, name=name, sender_url="https://harbour.example")).id for name in LISTS}
    await create_field(tx, name="Grind", type="dropdown", options=GRINDS)
    await create_field(tx, name="Orders", type="number")
    await create_field(tx, name="Birthday", type="date")
    fields = {field.name: field for field in await list_fields(tx)}
    return Words({name: made[name.lower()] for name in TAGS}, lists, fields)


class People:
    """Makes new people, the same at every start."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._dice = random.Random(7)
        self._count = 0

    async def arrive(self, tx: Tx, count: int, *, source: str) -> None:
        """So many sign up for the newsletter, a few of them for more."""
        rows = [self._row() for _ in range(count)]
        friends = self._words.lists["Friends of the house"]
        given = sql(
            """
            select number, email, first_name, last_name, phone, fields::jsonb as fields, tag_code, city
            from unnest({numbers}::bigint[], {emails}::text[], {first}::text[], {last}::text[], {phones}::text[],
                        {fields}::text[], {codes}::bigint[], {cities}::text[])
              as rows (number, email, first_name, last_name, phone, fields, tag_code, city)
            where (number % 3 = 0) = {is_friend}
            """,
            **_columns(rows),
        )
        for is_friend in (False, True):
            lists = [self._words.lists["Newsletter"], *([friends] if is_friend else [])]
            # lint: no-row-loops because there are two kinds of people
            await merge_rows(
                tx,
                Sql(given.text, {**given.params, "is_friend": is_friend}),
                tags=self._tags(),
                tag_ids=[],
                list_ids=lists,
                rule="skip",
                source=source,
                parts=("city",),
            )

    def _tags(self) -> Sql:
        """A code is a sum of powers of two, one a tag."""
        return sql(
            """
            select code as tag_code, tag_id from generate_series(0, {most}::bigint) as code
            join unnest({ids}::bigint[]) with ordinality as tags (tag_id, place)
              on code & (1::bigint << (place - 1)::int) > 0
            """,
            most=BLENDS,
            ids=list(self._words.tags.values()),
        )

    def _row(self) -> Row:
        dice = self._dice
        self._count += 1
        first, last = dice.choice(FIRST), dice.choice(LAST)
        fields = self._words.fields
        orders = min(60, int(dice.expovariate(1 / 6)))
        values: dict[int, object] = {
            fields["Grind"].id: dice.choice(GRINDS),
            fields["Orders"].id: orders,
        }
        if dice.random() < 0.6:
            values[fields["Birthday"].id] = (date(1955, 1, 1) + timedelta(days=dice.randrange(17_000))).isoformat()
        stored = orjson.dumps(stored_values(list(fields.values()), values)).decode()
        code = sum(1 << TAGS.index(name) for name, chance in TAG_CHANCES.items() if dice.random() < chance)
        address = f"{first}.{last}.{self._count}@example.com".replace("'", "").lower()
        phone = f"+44 20 7946 {self._count:04d}" if self._count % 3 == 0 else ""
        return self._count, address, first, last, phone, stored, code, dice.choice(CITIES)


def _columns(rows: Sequence[Row]) -> dict[str, object]:
    names = ("numbers", "emails", "first", "last", "phones", "fields", "codes", "cities")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}
