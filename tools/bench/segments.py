"""Segments over a million contacts: counts, sets, membership of a batch, and pages of a filtered list.

Prints one JSON line. Milliseconds are processor time of PostgreSQL (all its processes) for one
statement, averaged over repetitions, except `list_p95_ms`, which is what a reader waits. Each question
is also asked by the best statement we know to write by hand over the same tables, in turns with ours;
a ratio takes 10 ms for anything that is quicker, since below that planning is what is compared.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tools.bench.harness import Bench, cpu_seconds, installation
from tools.bench.people import People, filled
from tools.bench.sales import Sales, with_sales
from waypost.contacts.queries.contacts import SortName
from waypost.contacts.queries.profiles import encode_page
from waypost.contacts.types import Filter
from waypost.kernel.db import Database
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx
from waypost.segments.actions import create_segment, delete_segment
from waypost.segments.people import encode_matching
from waypost.segments.queries import audience, count_matching, matching

CONTACTS = 1_000_000
BATCH = 1_000
SPAN_MS = 400
MOST_TURNS = 30
LEAST_MS = 10.0

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
    """A named segment and its best statement by hand, which yields contact_id."""

    name: str
    condition: Json
    by_hand: Sql
    is_single: bool = True


def leaf(kind: str, **params: object) -> Json:
    return {"type": kind, "params": params}


def group(match: str, *parts: Json) -> Json:
    return {"match": match, "conditions": list(parts)}


def _tagged(tag_id: int) -> Sql:
    return sql(
        "select contact_id from contacts.contact_tag where workspace_id = {workspace} and tag_id = {tag_id}",
        tag_id=tag_id,
    )


def _without(some: Sql, others: Sql) -> Sql:
    return sql(
        "select a.contact_id from ({some}) as a where not exists (select 1 from ({others}) as o where o.contact_id = a.contact_id)",
        some=some,
        others=others,
    )


def _indexed(field_id: int, test: Sql) -> Sql:
    return sql(
        """
        select i.contact_id from contacts.field_value_index i
        where i.workspace_id = {workspace} and i.field_id = {field_id} and {test}
        """,
        field_id=field_id,
        test=test,
    )


OPENED = sql(
    """
    select contact_id from activities.engagement
    where workspace_id = {workspace} and last_open_at > {now} - interval '30 days'
    """
)
VISITED = sql(
    """
    select f.contact_id from activities.fact f
    where f.workspace_id = {workspace} and f.kind = 60 and f.kind between 1 and 99 and f.at > {now} - interval '14 days'
      and f.object_id = (select id from activities.page
                         where workspace_id = {workspace} and md5(url) = md5({url}) and url = {url})
    group by f.contact_id having count(*) >= 3
    """,
    url="https://example.com/pricing",
)


def _holds(word: str, field_id: int) -> Sql:
    """By trigrams; the pattern in parentheses and is_long keep PostgreSQL from reading all values through."""
    return _indexed(field_id, sql("i.value_text like (select {pattern}) and not i.is_long", pattern=f"%{word}%"))


def _five_by_hand(tags: tuple[int, int, int], fields: dict[str, int]) -> Sql:
    """The smallest set first, the others looked up by key."""
    return sql(
        """
        select t.contact_id from contacts.contact_tag t
        where t.workspace_id = {workspace} and t.tag_id = {a}
          and not exists (select 1 from contacts.contact_tag n where n.workspace_id = {workspace}
                            and n.contact_id = t.contact_id and n.tag_id = {b})
          and exists (select 1 from activities.engagement e where e.workspace_id = {workspace}
                        and e.contact_id = t.contact_id and e.last_open_at > {now} - interval '30 days')
          and (exists (select 1 from contacts.field_value_index i where i.workspace_id = {workspace}
                         and i.contact_id = t.contact_id and i.field_id = {plan} and i.value_text in ('pro', 'team', 'basic', 'free'))
               or exists (select 1 from contacts.contact_tag o where o.workspace_id = {workspace}
                            and o.contact_id = t.contact_id and o.tag_id = {c}))
        """,
        a=tags[0],
        b=tags[1],
        c=tags[2],
        plan=fields["plan"],
    )


def questions(people: People, sales: Sales, tags: list[int], five_id: int) -> list[Question]:
    fields = people.fields
    company, plan, renewal = fields["company"], fields["plan"], fields["renewal"]
    week = sql(
        "i.value_date >= date_trunc('day', {now}) and i.value_date <= date_trunc('day', {now}) + interval '7 days'"
    )
    five = _five_by_hand((tags[0], tags[11], tags[21]), fields)
    return [
        Question(
            "tag_and_not_tag",
            group("all", leaf("has_tag", tag_id=tags[0]), group("none", leaf("has_tag", tag_id=tags[11]))),
            _without(_tagged(tags[0]), _tagged(tags[11])),
        ),
        Question("opened_in_30_days", leaf("opened_message", within_days=30), OPENED),
        Question(
            "visited_3_times_in_14_days",
            leaf("visited_page", url="https://example.com/pricing", count=3, within_days=14),
            VISITED,
        ),
        Question(
            "text_contains_rare",
            leaf("field", field_id=company, operator="contains", value="zyx"),
            _holds("zyx", company),
        ),
        Question(
            "text_contains_common",
            leaf("field", field_id=company, operator="contains", value="soft"),
            _holds("soft", company),
        ),
        Question(
            "date_in_7_days",
            leaf("field", field_id=renewal, operator="in_next_days", value=7),
            _indexed(renewal, week),
        ),
        Question(
            "dropdown_equals",
            leaf("field", field_id=plan, operator="equals", value="Pro"),
            _indexed(plan, sql("i.value_text = 'pro'")),
        ),
        *sales_questions(sales),
        Question("five_conditions", five_conditions(tags, fields), five, is_single=False),
        Question(
            "segment_in_segment",
            group("all", leaf("in_segment", segment_id=five_id), group("none", leaf("has_tag", tag_id=tags[25]))),
            _without(five, _tagged(tags[25])),
            is_single=False,
        ),
    ]


def sales_questions(sales: Sales) -> list[Question]:
    """About deals and scores."""
    return [
        Question(
            "deal_in_stage",
            leaf("has_deal", stage_id=sales.stage_id, status="open"),
            sql(
                """
                select distinct contact_id from deals.deal
                where workspace_id = {workspace} and stage_id = {stage_id} and status = 0 and contact_id is not null
                """,
                stage_id=sales.stage_id,
            ),
        ),
        Question(
            "score_at_least",
            leaf("score", score_id=sales.score_id, value=90),
            sql(
                """
                select contact_id from scores.total
                where workspace_id = {workspace} and score_id = {score_id} and points >= 90
                """,
                score_id=sales.score_id,
            ),
        ),
    ]


def five_conditions(tags: list[int], fields: dict[str, int]) -> Json:
    """About 30,000 of a million: a tag, not another, opened lately, and one of four plans or a third tag."""
    return group(
        "all",
        leaf("has_tag", tag_id=tags[0]),
        group("none", leaf("has_tag", tag_id=tags[11])),
        leaf("opened_message", within_days=30),
        group(
            "any",
            leaf("field", field_id=fields["plan"], operator="any_of", value=["Pro", "Team", "Basic", "Free"]),
            leaf("has_tag", tag_id=tags[21]),
        ),
    )


class Stopwatch:
    """Processor time of PostgreSQL for one run of something, over enough runs to tell."""

    def __init__(self, postgres: int) -> None:
        self.postgres = postgres

    async def pair(self, *runs: Callable[[], Awaitable[object]]) -> list[float]:
        """Milliseconds of each, the runs taking turns."""
        spent = [0.0] * len(runs)
        turns = 0
        for run in runs:
            await run()  # lint: no-row-loops because caches and plans are warmed first
        while turns < 3 or (min(spent) * 1000 < SPAN_MS and turns < MOST_TURNS):
            for place, run in enumerate(runs):
                before = cpu_seconds(self.postgres)
                await run()  # lint: no-row-loops because repetitions are what is measured
                spent[place] += cpu_seconds(self.postgres) - before
            turns += 1
        return [seconds * 1000 / turns for seconds in spent]


async def measure(read: ReadTx, watch: Stopwatch, question: Question, batch: list[int]) -> Json:
    """One question: how many, what it costs to count and to list them, and for a batch."""
    by_hand = sql("select count(*) from ({who}) as who", who=question.by_hand)
    found, expected = await count_matching(read, question.condition), await read.value(by_hand)
    if found != expected:
        raise ValueError(f"{question.name}: {found} contacts, by hand {expected}")

    async def listed() -> None:
        await read.value(
            sql("select sum(contact_id) from ({who}) as who", who=await audience(read, question.condition))
        )

    ours, hand = await watch.pair(
        lambda: count_matching(read, question.condition),
        lambda: read.value(by_hand),
    )
    sets, members = await watch.pair(listed, lambda: matching(read, question.condition, batch))
    return {
        "contacts": found,
        "count_ms": round(ours, 1),
        "by_hand_ms": round(hand, 1),
        "ratio": round(max(ours, LEAST_MS) / max(hand, LEAST_MS), 2),
        "list_ms": round(sets, 1),
        "batch_ms": round(members, 1),
    }


SORTS: tuple[SortName, ...] = ("-created_at", "name", "email")
PAGES_EACH = 5
FILTERS = (
    Filter(),
    Filter(search="first12"),
    Filter(search="last9"),
    Filter(search="c"),
    Filter(search="first1 last2"),
    Filter(search="nobody"),
)


async def first_pages(read: ReadTx, asked: list[Question], tags: list[int]) -> tuple[float, str, float]:
    """What the first page of the contact list takes over searches, tags, conditions and sorts: the 95th percentile
    of all waits, and the slowest page by its median.
    """
    waits: dict[str, list[float]] = {}
    filters = {wanted.search or "everyone": wanted for wanted in FILTERS}
    filters |= {f"tag {tag_id}": Filter(tag_id=tag_id) for tag_id in tags[:3]}

    async def page(name: str, sort: SortName, run: Awaitable[bytes]) -> None:
        began = time.perf_counter()
        await run
        waits.setdefault(f"{name} by {sort}", []).append((time.perf_counter() - began) * 1000)

    for _ in range(PAGES_EACH):
        for sort in SORTS:
            for name, wanted in filters.items():
                # lint: no-row-loops because pages are what is measured
                await page(name, sort, encode_page(read, wanted, sort=sort, limit=100, after=None))
            for question in asked:
                matches = encode_matching(read, question.condition, search="", sort=sort, limit=100, after=None)
                await page(question.name, sort, matches)  # lint: no-row-loops because pages are what is measured
    every = sorted(wait for found in waits.values() for wait in found)
    medians = {name: sorted(found)[len(found) // 2] for name, found in waits.items()}
    slowest = max(medians, key=lambda name: medians[name])
    return every[int(len(every) * 0.95) - 1], slowest, medians[slowest]


async def materialise(db: Database, people: People, watch: Stopwatch, condition: Json) -> float:
    """The set of the five conditions written to a table."""
    async with db.transaction(people.workspace_id) as tx:
        who = await audience(tx, condition)
        await tx.run(sql("create temporary table found (contact_id bigint not null) on commit drop"))

        async def write() -> None:
            await tx.run(sql("truncate found"))
            await tx.run(sql("insert into found select contact_id from ({who}) as who", who=who))

        return (await watch.pair(write))[0]


async def bench(installed: Bench, contacts: int) -> Json:
    db = await installed.open()
    people = await filled(db, contacts, installed.settings.data_dir)
    sales = await with_sales(db, people.workspace_id)
    async with db.pool.acquire() as conn:
        await conn.execute("alter system set autovacuum = off")
        await conn.execute("select pg_reload_conf()")
    async with db.transaction(people.workspace_id) as tx:
        rows = await tx.all(sql("select id from contacts.tag where workspace_id = {workspace} order by id"))
        tags = [row["id"] for row in rows]
        five = five_conditions(tags, people.fields)
        name = f"Five conditions {time.time_ns()}"  # of this run, since a kept folder may hold earlier ones
        five_id = (await create_segment(tx, name=name, condition=five)).id
    watch = Stopwatch(installed.postgres)
    answers: Json = {}
    async with db.read(people.workspace_id) as read:
        chosen = await read.all(
            sql(
                "select id from contacts.contact where workspace_id = {workspace} and id % {step} = 3 limit {batch}",
                step=max(contacts // BATCH, 1),
                batch=BATCH,
            )
        )
        asked = questions(people, sales, tags, five_id)
        for question in asked:
            # lint: no-row-loops because a turn is a question
            answers[question.name] = await measure(read, watch, question, [row["id"] for row in chosen])
        pages, slowest, slowest_ms = await first_pages(read, asked, tags)
    written = await materialise(db, people, watch, five)
    async with db.transaction(people.workspace_id) as tx:
        await delete_segment(tx, five_id)
    await db.close()
    singles = [answers[item.name] for item in asked if item.is_single]
    return {
        "bench": "segments",
        "contacts": contacts,
        "tag_links": contacts * 3,
        "facts": people.facts,
        "worst_single_ms": max(item["count_ms"] for item in singles),
        "worst_five_ms": max(answers[item.name]["count_ms"] for item in asked if not item.is_single),
        "materialise_five_ms": round(written, 1),
        "worst_batch_ms": max(item["batch_ms"] for item in answers.values()),
        "worst_ratio_to_handwritten": max(item["ratio"] for item in answers.values()),
        "list_p95_ms": round(pages, 1),
        "list_slowest": {"page": slowest, "ms": round(slowest_ms, 1)},
        "fill_seconds": people.fill_seconds,
        "questions": answers,
    }


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="bench segments", description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0, help="times a million contacts and twenty million facts")
    parser.add_argument("--quick", action="store_true", help="a twentieth of the contacts")
    parser.add_argument("--data", type=Path, help="fill this folder once and keep it; later runs use what it holds")
    options = parser.parse_args(arguments)
    contacts = int(CONTACTS * (0.05 if options.quick else options.scale))
    with installation(data=options.data) as installed:
        print(json.dumps(asyncio.run(bench(installed, contacts))), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
