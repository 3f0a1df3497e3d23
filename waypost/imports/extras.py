"""What a file says of places and companies, beside the merge of names, fields, tags and lists.

New contacts get their place as they are made; those who were there are moved, and all are linked to their
companies, in the chunk's own transaction, with notes for undoing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from waypost.contacts.actions.companies import ensure_companies, known_companies
from waypost.contacts.actions.members import link_members
from waypost.contacts.actions.places import write_places
from waypost.contacts.actions.staged import Rule
from waypost.contacts.errors import PlaceInvalid
from waypost.contacts.places import PARTS, Part, normalise_part
from waypost.imports.types import Plan
from waypost.kernel.sql import FALSE, TRUE, Sql, sql
from waypost.kernel.tx import Tx

MEMORY = 20_000
MAX_TEXT = 250
COLUMNS = ("number", "email", "company_id", "job_title", *PARTS)

Extra = tuple[int, str, str, str, dict[Part, str]]
"""Number, address, company, job title and place of a record."""


@dataclass(slots=True)
class Reader:
    """Takes the extras out of a record; what repeats is converted once."""

    plan: Plan
    _known: dict[tuple[Part, str], str | None] = field(default_factory=dict[tuple[Part, str], "str | None"])

    def read(self, number: int, email: str, row: Sequence[str]) -> tuple[Extra | None, list[tuple[Part, str]]]:
        """The record's extras, None without any, and the parts with cells that were not understood."""
        place: dict[Part, str] = {}
        odd: list[tuple[Part, str]] = []
        for part, index in self.plan.place:
            cell = row[index]
            if not cell:
                continue
            text = self._part(part, cell)
            if text is None:
                odd.append((part, cell))
            elif text:
                place[part] = text
        company = _line(row, self.plan.company)
        job_title = _line(row, self.plan.job_title)
        return ((number, email, company, job_title, place) if place or company else None), odd

    def _part(self, part: Part, cell: str) -> str | None:
        key = (part, cell)
        if key in self._known:
            return self._known[key]
        try:
            text = normalise_part(part, cell)
        except PlaceInvalid:
            text = None
        if len(self._known) < MEMORY:
            self._known[key] = text
        return text


def _line(row: Sequence[str], index: int | None) -> str:
    return "" if index is None else " ".join(row[index].replace("\x00", "").split())[:MAX_TEXT]


async def ensure_named(tx: Tx, extras: Sequence[Extra]) -> dict[str, int]:
    """The companies that are named, by the names as given; made where missing."""
    return await ensure_companies(tx, [extra[2] for extra in extras])


async def foresee_named(tx: Tx, extras: Sequence[Extra]) -> dict[str, int]:
    """The same without making any: those that are missing get ids nobody has."""
    names = sorted({extra[2] for extra in extras if extra[2]})
    known = await known_companies(tx, names)
    return {name: known.get(name, -1 - place) for place, name in enumerate(names)}


async def stage_extras(tx: Tx, extras: Sequence[Extra], company_ids: Mapping[str, int], rule: Rule) -> None:
    """The extras in a temporary table, and who is there of them in another; both go with the transaction."""
    await tx.run(
        sql(
            """
            create temporary table import_extra (number bigint, email text collate "C", company_id bigint,
                job_title text, time_zone text, language text, country text, region text, city text, postal_code text)
            on commit drop
            """
        )
    )
    records = [
        (number, email, company_ids.get(company), job_title, *(place.get(part) for part in PARTS))
        for number, email, company, job_title, place in extras
    ]
    await tx.conn.copy_records_to_table("import_extra", records=records, columns=COLUMNS, schema_name="pg_temp")
    for statement in (
        # Without it the merge may compare every record with every other.
        sql("create unique index on import_extra (number)"),
        sql("create index on import_extra (email) where company_id is not null"),
        sql("analyze import_extra"),
        sql("create temporary table import_known on commit drop as {found}", found=_found(rule)),
    ):
        # lint: no-row-loops because these are a few statements
        await tx.run(statement)


PLACES = sql("select number, time_zone, language, country, region, city, postal_code from import_extra")


def _found(rule: Rule) -> Sql:
    """Who is there, as `c`, beside what the file would make of them: `is_moved`, and the company to join."""
    fills = rule == "only_empty"
    wanted = {
        "is_moved": _MOVED_GAPS if fills else _MOVED,
        "is_free": _UNEMPLOYED if fills else TRUE,
        "uses": FALSE if rule == "skip" else TRUE,
    }
    return sql(
        """
        select c.*, x.number, {is_moved} as is_moved,
               case when {is_free} and not exists (
                   select 1 from contacts.company_member m where m.workspace_id = {workspace}
                     and m.contact_id = c.id and m.company_id = x.company_id) then x.company_id end as joins
        from import_extra x
        cross join lateral (
            select * from contacts.contact c
            where c.workspace_id = {workspace} and c.email = x.email and c.deleted_at is null limit 1
        ) as c
        where {uses}
        """,
        **wanted,
    )


_MOVED = sql(
    """
    (coalesce(x.time_zone, c.time_zone), coalesce(x.language, c.language), coalesce(x.country, c.country),
     coalesce(x.region, c.region), coalesce(x.city, c.city), coalesce(x.postal_code, c.postal_code))
    <> (c.time_zone, c.language, c.country, c.region, c.city, c.postal_code)
    """
)
_MOVED_GAPS = sql(
    """
    (c.time_zone = '' and x.time_zone <> '' or c.language = '' and x.language <> '' or c.country = '' and x.country <> ''
     or c.region = '' and x.region <> '' or c.city = '' and x.city <> '' or c.postal_code = '' and x.postal_code <> '')
    is true
    """
)
_UNEMPLOYED = sql(
    """
    not exists (select 1 from contacts.company_member m where m.workspace_id = {workspace} and m.contact_id = c.id)
    """
)


CHANGING = sql("select number from import_known where is_moved or joins is not null")
"""The numbers of the records that change somebody who is there."""


async def write_extras(tx: Tx, import_id: int, number: int, rule: Rule) -> None:
    """Move those who were there, and link everybody to their companies; after the merge of the chunk."""
    await _keep(tx, import_id, number)
    await write_places(tx, _moves(rule))
    if not await tx.value(sql("select exists (select 1 from import_extra where company_id is not null)")):
        return
    for statement in (
        sql(
            """
            create temporary table import_joining on commit drop as
            select id as contact_id, joins as company_id, job_title, false as is_primary
            from import_known join import_extra using (number) where joins is not null
            union all
            select made.id, x.company_id, x.job_title, false
            from imports.chunk k
            cross join lateral unnest(k.created_ids) as made (id)
            cross join lateral (
                select email from contacts.contact where workspace_id = {workspace} and id = made.id limit 1
            ) as c
            join import_extra x on x.email = c.email
            where k.workspace_id = {workspace} and k.import_id = {import_id} and k.number = {number}
              and x.company_id is not null
            """,
            import_id=import_id,
            number=number,
        ),
        # Without it, linking may ask all of this anew for every contact there is.
        sql("analyze import_joining"),
    ):
        # lint: no-row-loops because these are two statements
        await tx.run(statement)
    await link_members(tx, sql("select * from import_joining"))


async def _keep(tx: Tx, import_id: int, number: int) -> None:
    """Note for undoing how those who were there were; the merge has noted whom it changed itself."""
    await tx.run(
        sql(
            """
            insert into imports.previous as p (workspace_id, import_id, contact_id, number, is_changed, first_name,
                last_name, phone, fields, updated_at, tag_ids, list_ids, place, company_ids)
            select {workspace}, {import_id}, id, {number}, is_moved, first_name, last_name, phone, fields, updated_at,
                   '{{}}', '{{}}', case when is_moved then jsonb_build_object('time_zone', time_zone, 'language', language,
                       'country', country, 'region', region, 'city', city, 'postal_code', postal_code) end,
                   case when joins is null then '{{}}' else array[joins] end
            from import_known where is_moved or joins is not null order by id
            on conflict (workspace_id, import_id, contact_id) do update
            set is_changed = p.is_changed or excluded.is_changed, place = excluded.place,
                company_ids = excluded.company_ids
            """,
            import_id=import_id,
            number=number,
        )
    )


def _moves(rule: Rule) -> Sql:
    """Only gaps are filled where the rule says so."""
    return sql(
        """
        select k.id as contact_id, case when {all} or k.time_zone = '' then x.time_zone end as time_zone,
               case when {all} or k.language = '' then x.language end as language,
               case when {all} or k.country = '' then x.country end as country,
               case when {all} or k.region = '' then x.region end as region,
               case when {all} or k.city = '' then x.city end as city,
               case when {all} or k.postal_code = '' then x.postal_code end as postal_code
        from import_known k join import_extra x using (number) where k.is_moved
        """,
        all=FALSE if rule == "only_empty" else TRUE,
    )
