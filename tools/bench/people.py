"""A workspace as large as wished, made by SQL: contacts with tags, fields, engagement and half a year of facts.

Everything follows from the row's number by arithmetic, so two runs of a size hold the same. Indexes
of the log are dropped while it fills and built afterwards from their own definitions.
"""

from __future__ import annotations

import json
import time
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from pathlib import Path

from waypost.activities.facts import PageVisited
from waypost.activities.partitions import ensure_partitions
from waypost.contacts.actions.fields import create_field
from waypost.contacts.field_index import backfill_chunk, flagged
from waypost.contacts.queries.fields import list_fields
from waypost.delivery.facts import LinkClicked, MessageOpened, MessageSent
from waypost.identity.actions.workspaces import create_workspace
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

DAYS = 184
TAGS = 30
MESSAGES = 100
PAGES = 5_000
FACTS_EACH = 20
PLANS = ["Free", "Basic", "Pro", "Team", "Agency", "Enterprise", "Trial", "Legacy", "Partner", "Reseller"]


@dataclass(frozen=True, slots=True)
class People:
    """What the questions name."""

    workspace_id: int
    fields: dict[str, int]
    contacts: int
    facts: int
    fill_seconds: float = 0.0


KEPT = "people.json"


async def filled(db: Database, contacts: int, folder: Path) -> People:
    """The workspace of that folder: filled now, or as an earlier run left it, whose clock it then shows."""
    kept = folder / KEPT
    if kept.exists():
        found = People(**json.loads(kept.read_text()))
        if found.contacts != contacts:
            raise ValueError(f"{folder} holds {found.contacts} contacts, not {contacts}")
        return found
    began = time.perf_counter()
    people = replace(await fill(db, contacts), fill_seconds=round(time.perf_counter() - began, 1))
    kept.write_text(json.dumps(asdict(people)))
    return people


async def fill(db: Database, contacts: int) -> People:
    """The whole workspace, committed, vacuumed and analysed."""
    async with db.transaction(0) as tx:
        workspace_id = (await create_workspace(tx, name="Bench")).id
    async with db.pool.acquire() as conn, db.read(workspace_id) as read:
        await ensure_partitions(conn, now=read.now, months_back=DAYS // 28 + 1)  # pyright: ignore[reportArgumentType]
    async with db.transaction(workspace_id) as tx:
        fields = await _fields(tx)
        await _contacts(tx, contacts, fields)
        await _links(tx)
        await _pages(tx)
    async with db.transaction(workspace_id) as tx:
        await _facts(tx, contacts)
    async with db.transaction(workspace_id) as tx:
        await _engagement(tx)
    async with db.read(workspace_id) as read:
        indexed = flagged(await list_fields(read))
    last: int | None = 0
    while last is not None:
        async with db.transaction(workspace_id) as tx:
            last = await backfill_chunk(tx, indexed, after=last)  # lint: no-row-loops because a turn is a chunk
    async with db.transaction(workspace_id) as tx:
        await _read_to_the_end(tx)
    async with db.pool.acquire() as conn:
        await conn.execute("vacuum analyze")
    return People(workspace_id, fields, contacts, contacts * FACTS_EACH)


async def _read_to_the_end(tx: Tx) -> None:
    """These facts were consumed when they happened."""
    await tx.run(
        sql(
            """
            insert into activities.place (workspace_id, consumer, xid, fact_id, updated_at)
            select {workspace}, name, last.xid, last.id, {now}
            from unnest({names}::text[]) as name,
                 (select xid, id from activities.fact where workspace_id = {workspace}
                  order by xid desc, id desc limit 1) as last
            """,
            names=[consumer.name for consumer in tx.registry.consumers],
        )
    )


async def _fields(tx: Tx) -> dict[str, int]:
    made = [
        await create_field(tx, name="Company", type="text", is_indexed=True),
        await create_field(tx, name="Plan", type="dropdown", options=PLANS, is_indexed=True),
        await create_field(tx, name="Renewal", type="date"),
        await create_field(tx, name="Born", type="date"),
        await create_field(tx, name="City", type="text"),
        await create_field(tx, name="Seats", type="number"),
        await create_field(tx, name="Spend", type="currency"),
        await create_field(tx, name="Interests", type="multiselect", options=["Tea", "Coffee", "Cake", "Bread"]),
    ]
    return {field.name.lower(): field.id for field in made}


async def _contacts(tx: Tx, contacts: int, fields: dict[str, int]) -> None:
    """Companies: 0.2 % hold "zyx", 13 % hold "soft"; the rest are numbered."""
    await tx.run(
        sql(
            """
            insert into contacts.contact (workspace_id, email, first_name, last_name, phone, fields, created_at, updated_at)
            select {workspace}, 'contact' || n || '@example.com', 'First' || n % 5003, 'Last' || n % 9973, '',
                   jsonb_build_object(
                       {company}::text, 'Company ' || n % 40009 || case when n % 500 = 7 then ' Zyxel'
                                                               when n % 15 < 2 then ' Software' else ' Trading' end,
                       {plan}::text, ({plans}::text[])[1 + n % 10],
                       {renewal}::text, to_char({now} - interval '300 days' + n % 640 * interval '1 day', 'YYYY-MM-DD'),
                       {born}::text, to_char(date '1950-01-01' + (n * 7919 % 20000)::int, 'YYYY-MM-DD'),
                       {city}::text, 'City ' || n % 2003, {seats}::text, n % 97, {spend}::text, n % 10007 / 4.0,
                       {interests}::text, case n % 3 when 0 then '["Tea"]'::jsonb when 1 then '["Tea", "Cake"]'
                                          else '["Coffee"]' end),
                   {now} - interval '2 years' + n * interval '1 minute', {now}
            from generate_series(1, {contacts}::bigint) as n
            """,
            contacts=contacts,
            plans=PLANS,
            **{name: str(field_id) for name, field_id in fields.items()},
        )
    )
    await tx.run(sql("analyze contacts.contact"))


async def _links(tx: Tx) -> None:
    """Three tags each: of thirty, tag 1 and its neighbours are the common ones."""
    await tx.run(
        sql(
            """
            insert into contacts.tag (workspace_id, name, created_at)
            select {workspace}, 'Tag ' || n, {now} from generate_series(1, {tags}::bigint) as n order by n
            """,
            tags=TAGS,
        )
    )
    await tx.run(
        sql(
            """
            insert into contacts.contact_tag (workspace_id, contact_id, tag_id, created_at)
            select {workspace}, c.id, t.first + (hashint8extended(c.id, turn) & 16777215) % 10 + turn * 10, {now}
            from (select min(id) as first from contacts.tag where workspace_id = {workspace}) as t,
                 contacts.contact c, generate_series(0, 2) as turn
            where c.workspace_id = {workspace} order by c.id, 3
            """
        )
    )


async def _pages(tx: Tx) -> None:
    await tx.run(
        sql(
            """
            insert into activities.page (workspace_id, url, created_at)
            select {workspace}, case n when 1 then 'https://example.com/pricing' else 'https://example.com/page/' || n end,
                   {now}
            from generate_series(1, {pages}::bigint) as n order by n
            """,
            pages=PAGES,
        )
    )


async def _facts(tx: Tx, contacts: int) -> None:
    """40 % sent, 25 % opened, 5 % clicked, 30 % visits; a tenth of the visits is to the first page, by few people."""
    indexes = await tx.all(
        sql(
            """
            select indexrelid::regclass::text as name, pg_get_indexdef(indexrelid) as made, indisprimary
            from pg_index where indrelid = 'activities.fact'::regclass and {workspace} > 0
            """
        )
    )
    for index in indexes:
        is_key = index["indisprimary"]
        drop = "alter table activities.fact drop constraint fact_pkey" if is_key else f"drop index {index['name']}"
        await tx.conn.execute(drop)  # lint: no-row-loops because a turn is an index
    await tx.run(
        sql(
            """
            insert into activities.fact (workspace_id, contact_id, at, kind, object_id, data, actor_kind)
            select {workspace}, first_contact + who % case when k between 70 and 72 then {contacts} / 20 else {contacts} end, {now} - {span} + n * {step},
                   case when k < 40 then {sent} when k < 65 then {opened} when k < 70 then {clicked} else {visited} end,
                   case when k < 70 then 1 + what % {messages} when k < 73 then first_page else first_page + what % {pages} end,
                   case when k between 65 and 69 then '{{"link": 1, "url": "https://example.com/"}}'::jsonb end, 3
            from (select n, h & 16777215 as who, h >> 24 & 1048575 as what, (h >> 44 & 65535) % 100 as k
                  from (select n, hashint8extended(n, 7) as h from generate_series(1, {facts}::bigint) as n) as drawn) as g,
                 (select min(id) as first_contact from contacts.contact where workspace_id = {workspace}) as c,
                 (select min(id) as first_page from activities.page where workspace_id = {workspace}) as p
            """,
            contacts=contacts,
            facts=contacts * FACTS_EACH,
            span=timedelta(days=DAYS),
            step=timedelta(days=DAYS) / (contacts * FACTS_EACH + 1),
            sent=MessageSent.kind,
            opened=MessageOpened.kind,
            clicked=LinkClicked.kind,
            visited=PageVisited.kind,
            messages=MESSAGES,
            pages=PAGES,
        )
    )
    for index in indexes:
        made = "alter table activities.fact add primary key (workspace_id, contact_id, at, id)"
        await tx.conn.execute(made if index["indisprimary"] else index["made"].replace(" ON ONLY ", " ON "))


async def _engagement(tx: Tx) -> None:
    await tx.run(
        sql(
            """
            insert into activities.engagement (workspace_id, contact_id, last_sent_at, last_open_at, last_click_at,
                last_visit_at, sent_count, open_count, click_count, visit_count)
            select {workspace}, contact_id, max(at) filter (where kind = {sent}),
                   max(at) filter (where kind in ({opened}, {clicked})), max(at) filter (where kind = {clicked}),
                   max(at) filter (where kind = {visited}), count(*) filter (where kind = {sent}),
                   count(*) filter (where kind = {opened}), count(*) filter (where kind = {clicked}),
                   count(*) filter (where kind = {visited})
            from activities.fact where workspace_id = {workspace} group by contact_id
            """,
            sent=MessageSent.kind,
            opened=MessageOpened.kind,
            clicked=LinkClicked.kind,
            visited=PageVisited.kind,
        )
    )
