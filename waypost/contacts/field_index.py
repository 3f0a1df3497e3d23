"""Looking custom fields up: contacts.field_value_index holds the values of flagged fields.

contacts.contact.fields stays the truth. Whoever writes it puts `index_ctes` into the same statement, or
calls `refresh_index` in the same transaction; both cost nothing where no flagged field is touched.

    is_indexed --schedule: backfill in chunks--> is_index_ready
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from waypost.activities.types import Audience
from waypost.contacts.queries.fields import list_fields
from waypost.contacts.types import LONGEST, MULTIPLE_TYPES, Field, Value
from waypost.kernel.sql import Sql, join, sql
from waypost.kernel.tx import ReadTx, Tx

CHUNK = 10_000
PAUSE = timedelta(seconds=30)
"""From flagging to backfilling: longer than any write that began before the flag was seen."""
ALWAYS_INDEXED = frozenset({"date", "datetime"})
NEVER_INDEXED = frozenset({"textarea"})
_KINDS = {"number": "number", "currency": "number", "date": "date", "datetime": "date"}

_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)").match

NOTHING = Sql("")


def flagged(fields: Iterable[Field], keys: Iterable[str] | None = None) -> list[Field]:
    """The fields of these that the index holds, narrowed to the keys (field ids as text) where given."""
    wanted = None if keys is None else set(keys)
    return [field for field in fields if field.is_indexed and (wanted is None or str(field.id) in wanted)]


def index_ctes(fields: Sequence[Field], rows: Sql) -> Sql:
    """CTEs, each after a comma, that bring the index up to date with `rows` (contact_id, fields as they now are)."""
    if not fields:
        return NOTHING
    return sql(
        """
        , index_wanted as materialized ({entries}),
        index_gone as (
            -- A look-up for each contact, whatever PostgreSQL believes of sizes: a join here has been a loop in a loop.
            delete from contacts.field_value_index i
            using (
                select extra.contact_id, extra.field_id, extra.number from ({rows}) as r cross join lateral (
                    select x.contact_id, x.field_id, x.number from contacts.field_value_index x
                    where x.workspace_id = {workspace} and x.contact_id = r.contact_id
                      and x.field_id = any({ids}::bigint[])
                      and x.number >= case jsonb_typeof(r.fields -> x.field_id::text)
                          when 'array' then jsonb_array_length(r.fields -> x.field_id::text)
                          when 'string' then 1 when 'number' then 1 else 0 end
                    offset 0
                ) as extra
            ) as gone
            where i.workspace_id = {workspace} and i.contact_id = gone.contact_id
              and i.field_id = gone.field_id and i.number = gone.number
        ),
        index_kept as ({kept})
        """,
        entries=_entries(fields, rows),
        kept=_kept(sql("index_wanted")),
        rows=rows,
        ids=[field.id for field in fields],
    )


def value_ctes(fields: Sequence[Field], values: Mapping[str, Value], contacts: Sql) -> Sql:
    """Like `index_ctes` where all of `contacts` (contact_id) have been given the same known values (None clears).

    The plan depends on no array, so that PostgreSQL plans it once: that is most of what a single write costs.
    """
    if not fields:
        return NOTHING
    entries = [entry for field in fields for entry in _known_entries(field, values[str(field.id)])]
    parts: list[Sql] = []
    if shrinking := [field for field in fields if field.type in MULTIPLE_TYPES or values[str(field.id)] is None]:
        parts.append(_shrunk(shrinking, values, contacts))
    if entries:
        rows = sql(
            "select c.contact_id, v.* from ({contacts}) as c cross join (values {entries}) as v",
            contacts=contacts,
            entries=join(", ", entries),
        )
        parts.append(sql("index_kept as ({kept})", kept=_kept(sql("({rows})", rows=rows))))
    return sql(", {parts}", parts=join(", ", parts))


def _known_entries(field: Field, value: Value) -> list[Sql]:
    kind = _KINDS.get(field.type, "text")
    words = [] if value is None else list(value) if isinstance(value, list) else [value]
    found: list[Sql] = []
    for number, word in enumerate(words):
        text, day = str(word), _DAY(str(word)) if kind == "date" else None
        found.append(
            sql(
                """
                ({field_id}::bigint, {number}::smallint, {is_long}::boolean, {day}::smallint, lower({text}::text),
                 {size}::double precision, {at}::timestamptz)
                """,
                field_id=field.id,
                number=number,
                is_long=kind == "text" and len(text) > LONGEST,
                day=None if day is None else int(day[2]) * 100 + int(day[3]),
                text=text if kind == "text" and len(text) <= LONGEST else None,
                size=float(word) if kind == "number" and isinstance(word, int | float) else None,
                at=None if day is None else _moment(text),
            )
        )
    return found


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found


def _shrunk(fields: Sequence[Field], values: Mapping[str, Value], contacts: Sql) -> Sql:
    """What the index holds beyond the number of values that are left."""
    left = [
        sql(
            "({field_id}::bigint, {count}::bigint)",
            field_id=field.id,
            count=len(_known_entries(field, values[str(field.id)])),
        )
        for field in fields
    ]
    return sql(
        """
        index_gone as (
            delete from contacts.field_value_index i
            using ({contacts}) as c cross join (values {left}) as kept (field_id, count)
            where i.workspace_id = {workspace} and i.contact_id = c.contact_id and i.field_id = kept.field_id
              and i.number >= kept.count
        )
        """,
        contacts=contacts,
        left=join(", ", left),
    )


def _kept(rows: Sql) -> Sql:
    """Writes rows of the index, those that differ."""
    return sql(
        """
        insert into contacts.field_value_index as i
            (workspace_id, contact_id, field_id, number, is_long, value_day, value_text, value_number, value_date)
        select {workspace}, w.contact_id, w.field_id, w.number, w.is_long, w.value_day, w.value_text, w.value_number,
               w.value_date
        from {rows} as w (contact_id, field_id, number, is_long, value_day, value_text, value_number, value_date)
        order by w.contact_id, w.field_id, w.number
        on conflict (workspace_id, contact_id, field_id, number) do update
        set is_long = excluded.is_long, value_day = excluded.value_day, value_text = excluded.value_text,
            value_number = excluded.value_number, value_date = excluded.value_date
        where (i.value_text, i.value_number, i.value_date, i.is_long)
              is distinct from (excluded.value_text, excluded.value_number, excluded.value_date, excluded.is_long)
        """,
        rows=rows,
    )


def _entries(fields: Sequence[Field], rows: Sql) -> Sql:
    return sql(
        """
        select r.contact_id, k.field_id, (item.place - 1)::smallint as number,
               k.kind = 'text' and length(item.word) > {longest} as is_long,
               case when item.is_date then (extract(month from left(item.word, 10)::date) * 100
                                            + extract(day from left(item.word, 10)::date))::smallint end as value_day,
               case when k.kind = 'text' and length(item.word) <= {longest} then lower(item.word) end as value_text,
               case when k.kind = 'number' and jsonb_typeof(r.fields -> k.key) = 'number'
                    then item.word::double precision end as value_number,
               case when item.is_date then item.word::timestamptz end as value_date
        from ({rows}) as r
        cross join unnest({ids}::bigint[], {keys}::text[], {kinds}::text[]) as k (field_id, key, kind)
        cross join lateral (
            select word, place, k.kind = 'date' and word ~ '^\\d{{4}}-\\d\\d-\\d\\d' as is_date
            from jsonb_array_elements_text(case jsonb_typeof(r.fields -> k.key)
                when 'array' then r.fields -> k.key when 'string' then jsonb_build_array(r.fields -> k.key)
                when 'number' then jsonb_build_array(r.fields -> k.key) end) with ordinality as one (word, place)
        ) as item
        """,
        rows=rows,
        longest=LONGEST,
        ids=[field.id for field in fields],
        keys=[str(field.id) for field in fields],
        kinds=[_KINDS.get(field.type, "text") for field in fields],
    )


async def refresh_index(tx: Tx, who: Audience) -> None:
    """Bring the index up to date for everyone in the set, whatever was done to their fields."""
    fields = flagged(await list_fields(tx))
    if fields:
        await _refresh(tx, fields, who)


async def _refresh(tx: Tx, fields: Sequence[Field], who: Audience) -> None:
    await tx.run(
        sql(
            """
            with current as materialized (
                select id as contact_id, fields from contacts.contact
                where workspace_id = {workspace} and id in (select contact_id from ({who}) as who)
                order by id for no key update
            ) {index}
            select 1
            """,
            who=who,
            index=index_ctes(fields, sql("select contact_id, fields from current")),
        )
    )


async def forget_field(tx: Tx, field_id: int) -> None:
    """Drop every value of the field from the index."""
    await tx.run(
        sql(
            "delete from contacts.field_value_index where workspace_id = {workspace} and field_id = {field_id}",
            field_id=field_id,
        )
    )


async def backfill_chunk(tx: Tx, fields: Sequence[Field], *, after: int) -> int | None:
    """Index the next contacts by id; returns the last one's id, or None when all are done."""
    last = await tx.value(
        sql(
            """
            select max(id) from (select id from contacts.contact where workspace_id = {workspace} and id > {after}
                                 order by id limit {chunk}) as next
            """,
            after=after,
            chunk=CHUNK,
        )
    )
    if last is None:
        return None
    who = sql(
        """
        select id as contact_id from contacts.contact
        where workspace_id = {workspace} and id > {after} and id <= {last}
        """,
        after=after,
        last=last,
    )
    await _refresh(tx, fields, who)
    return int(last)


async def list_waiting_workspaces(tx: ReadTx) -> list[int]:
    """Workspaces with fields flagged a while ago, so that every writer knows of it, and not indexed yet."""
    rows = await tx.all(
        sql(
            """
            select w.id from identity.workspace w where exists (
                select 1 from contacts.field f
                where f.workspace_id = w.id and f.is_indexed and not f.is_index_ready and f.updated_at < {now} - {pause})
            """,
            pause=PAUSE,
        )
    )
    return [row["id"] for row in rows]


async def list_waiting(tx: ReadTx) -> list[Field]:
    """The workspace's fields that were flagged a while ago and are not indexed yet."""
    return [
        field
        for field in flagged(await list_fields(tx))
        if not field.is_index_ready and field.updated_at < tx.now - PAUSE
    ]


async def mark_ready(tx: Tx, fields: Sequence[Field]) -> None:
    """Let conditions look the fields up from now on."""
    await tx.run(
        sql(
            """
            update contacts.field set is_index_ready = true
            where workspace_id = {workspace} and id = any({ids}::bigint[]) and is_indexed
            """,
            ids=[field.id for field in fields],
        )
    )
