"""Finding people who are here twice, set-wise and only for those who changed.

Everyone has a few keys (contacts.duplicate_key): the address without what mail systems ignore, the last
digits of the phone number, the name together with a company or with the value of a field. Two who share
a key are a pair; the more keys, the higher the score. A key that many share says nothing and is left out.

    changed contacts --chunk--> keys --join--> pairs --person--> merged or dismissed
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from waypost.contacts.queries.fields import list_fields
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

CHUNK = 5_000
CROWD = 20
"""More contacts than this with one key are no duplicates of each other (a switchboard's number, say)."""
OVERLAP = timedelta(minutes=5)
"""Longer than any transaction that changed a contact and had not committed when a turn began."""


class Reason(IntEnum):
    """Why two contacts may be one person."""

    EMAIL = 1
    PHONE = 2
    NAME_AND_COMPANY = 3
    NAME_AND_FIELD = 4

    @property
    def word(self) -> str:
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Scan:
    """How far the search is."""

    is_running: bool = False
    compared_count: int = 0
    finished_at: datetime | None = None
    field_ids: Sequence[int] | None = None
    """Fields that, together with the name, tell people apart; None for dates of birth."""


async def get_scan(tx: ReadTx) -> Scan:
    row = await tx.maybe(
        sql(
            """
            select turn_started_at is not null as is_running, compared_count, finished_at, field_ids
            from contacts.duplicate_scan where workspace_id = {workspace}
            """
        ),
        Scan,
    )
    return row or Scan()


async def begin_scan(tx: Tx, *, is_full: bool = False) -> None:
    """Start a turn over everyone who changed since the last one (everyone at all, if `is_full`)."""
    await tx.run(
        sql(
            """
            insert into contacts.duplicate_scan as s (workspace_id, turn_started_at)
            values ({workspace}, {now})
            on conflict (workspace_id) do update
            set turn_started_at = coalesce(s.turn_started_at, excluded.turn_started_at),
                last_id = case when s.turn_started_at is null or {is_full} then 0 else s.last_id end,
                compared_count = case when s.turn_started_at is null or {is_full} then 0 else s.compared_count end,
                scanned_until = case when {is_full} then null else s.scanned_until end
            """,
            is_full=is_full,
        )
    )


async def choose_fields(tx: Tx, field_ids: Sequence[int] | None) -> None:
    """Compare names together with these fields; everyone is compared anew."""
    if field_ids is not None:
        known = {field.id for field in await list_fields(tx)}
        field_ids = [number for number in dict.fromkeys(field_ids) if number in known]
    await begin_scan(tx, is_full=True)
    await tx.run(
        sql(
            "update contacts.duplicate_scan set field_ids = {ids}::bigint[] where workspace_id = {workspace}",
            ids=field_ids,
        )
    )


async def scan_chunk(tx: Tx) -> bool:
    """Compare the next contacts of the running turn; False when the turn is over."""
    scan = await tx.maybe(
        sql(
            """
            select last_id, scanned_until, turn_started_at from contacts.duplicate_scan
            where workspace_id = {workspace} and turn_started_at is not null for update
            """
        )
    )
    if scan is None:
        return False
    rows = await tx.all(
        sql(
            """
            select id from contacts.contact
            where workspace_id = {workspace} and id > {last} and deleted_at is null
              and ({since}::timestamptz is null or updated_at >= {since}::timestamptz)
            order by id limit {limit}
            """,
            last=scan["last_id"],
            since=scan["scanned_until"],
            limit=CHUNK,
        )
    )
    ids = [row["id"] for row in rows]
    if not ids:
        await _end(tx, scan["turn_started_at"] - OVERLAP)
        return False
    await compare_contacts(tx, ids)
    await tx.run(
        sql(
            """
            update contacts.duplicate_scan set last_id = {last}, compared_count = compared_count + {count}
            where workspace_id = {workspace}
            """,
            last=ids[-1],
            count=len(ids),
        )
    )
    return True


async def _end(tx: Tx, until: datetime) -> None:
    await tx.run(
        sql(
            """
            update contacts.duplicate_scan
            set scanned_until = {until}, turn_started_at = null, last_id = 0, finished_at = {now}
            where workspace_id = {workspace}
            """,
            until=until,
        )
    )


async def compare_contacts(tx: Tx, contact_ids: Sequence[int]) -> int:
    """Bring keys and open pairs of these contacts up to date; returns how many pairs they are in."""
    ids = list(contact_ids)
    await tx.run(
        sql(
            "delete from contacts.duplicate_key where workspace_id = {workspace} and contact_id = any({ids}::bigint[])",
            ids=ids,
        )
    )
    await tx.run(
        sql(
            """
            delete from contacts.duplicate_pair
            where workspace_id = {workspace} and not is_dismissed
              and (contact_id = any({ids}::bigint[]) or other_id = any({ids}::bigint[]))
            """,
            ids=ids,
        )
    )
    await tx.run(
        sql(
            """
            insert into contacts.duplicate_key (workspace_id, kind, key, contact_id)
            select distinct {workspace}, kind, hashtextextended(word, kind), contact_id from ({keys}) as keys
            order by kind, 3, contact_id
            """,
            keys=_keys(ids, await _fields(tx)),
        )
    )
    return await tx.run(_pairs(ids))


async def _fields(tx: ReadTx) -> list[str]:
    """The keys in contact.fields of the values that tell people apart."""
    chosen = (await get_scan(tx)).field_ids
    if chosen is not None:
        return [str(number) for number in chosen]
    return [
        str(field.id)
        for field in await list_fields(tx)
        if field.type == "date" and ("BIRTH" in field.key or field.key in ("DOB", "BDAY", "GEBURTSDATUM"))
    ]


def _keys(ids: list[int], field_keys: list[str]) -> Sql:
    """contact_id, kind and word; in a name only letters count, whatever their case."""
    return sql(
        """
        with people as materialized (
            select c.id, split_part(c.email, '@', 1) as local, split_part(c.email, '@', 2) as domain, c.fields,
                   ltrim(regexp_replace(c.phone, '[^0-9]', '', 'g'), '0') as digits,
                   case when c.first_name <> '' and c.last_name <> '' then
                        lower(regexp_replace(c.first_name || ' ' || c.last_name, '[[:space:].]+', ' ', 'g')) end as name
            from contacts.contact c
            where c.workspace_id = {workspace} and c.id = any({ids}::bigint[]) and c.deleted_at is null
        )
        select id as contact_id, 1::smallint as kind,
               case when domain in ('gmail.com', 'googlemail.com')
                    then replace(split_part(local, '+', 1), '.', '') || '@gmail.com'
                    else split_part(local, '+', 1) || '@' || domain end as word
        from people where split_part(local, '+', 1) <> ''
        union all
        select id, 2::smallint, right(digits, 9) from people where length(digits) >= 7
        union all
        select p.id, 3::smallint, p.name || '|' || m.company_id from people p
        join contacts.company_member m on m.workspace_id = {workspace} and m.contact_id = p.id
        where p.name is not null
        union all
        select p.id, 4::smallint, p.name || '|' || f.key || '|' || lower(p.fields ->> f.key)
        from people p, unnest({field_keys}::text[]) as f (key)
        where p.name is not null and coalesce(p.fields ->> f.key, '') <> ''
        """,
        ids=ids,
        field_keys=field_keys,
    )


def _pairs(ids: list[int]) -> Sql:
    return sql(
        """
        insert into contacts.duplicate_pair as d (workspace_id, contact_id, other_id, score, reasons, created_at)
        select {workspace}, found.contact_id, found.other_id,
               round(100 * (1 - exp(sum(ln(1 - case found.kind when 1 then 0.95 when 2 then 0.8 when 3 then 0.65
                                                               else 0.75 end)))))::smallint,
               array_agg(found.kind order by found.kind), {now}
        from (
            select distinct least(a.contact_id, b.contact_id) as contact_id,
                   greatest(a.contact_id, b.contact_id) as other_id, a.kind
            from contacts.duplicate_key a
            join contacts.duplicate_key b on b.workspace_id = a.workspace_id and b.kind = a.kind and b.key = a.key
              and b.contact_id <> a.contact_id
            where a.workspace_id = {workspace} and a.contact_id = any({ids}::bigint[])
              and (select count(*) from (select 1 from contacts.duplicate_key k
                                         where k.workspace_id = a.workspace_id and k.kind = a.kind and k.key = a.key
                                         limit {crowd} + 1) as sharing) <= {crowd}
        ) as found
        join contacts.contact c on c.workspace_id = {workspace} and c.id = found.contact_id and c.deleted_at is null
        join contacts.contact o on o.workspace_id = {workspace} and o.id = found.other_id and o.deleted_at is null
        group by found.contact_id, found.other_id
        order by found.contact_id, found.other_id
        on conflict (workspace_id, contact_id, other_id) do update
        set score = excluded.score, reasons = excluded.reasons
        """,
        ids=ids,
        crowd=CROWD,
    )


async def dismiss_pair(tx: Tx, contact_id: int, other_id: int, *, is_dismissed: bool) -> bool:
    """Say that the two are not one person (or take it back); False when they were no pair."""
    first, second = min(contact_id, other_id), max(contact_id, other_id)
    return bool(
        await tx.run(
            sql(
                """
                update contacts.duplicate_pair set is_dismissed = {is_dismissed}
                where workspace_id = {workspace} and contact_id = {first} and other_id = {second}
                """,
                first=first,
                second=second,
                is_dismissed=is_dismissed,
            )
        )
    )
