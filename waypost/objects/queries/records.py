"""Records: one, and pages of them, of a schema or of what they belong to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from waypost.kernel.page import Page, decode_cursor, encode_cursor
from waypost.kernel.sql import TRUE, Sql, and_, or_, sql
from waypost.kernel.tx import ReadTx
from waypost.objects.errors import RecordNotFound
from waypost.objects.types import NUMBERS, Namespace, Record

SHOWN = 100
"""How many ids of one relationship come with a record."""

_IS_THERE = sql(
    """
    case o.namespace
        when 2 then exists (select 1 from contacts.company k where k.workspace_id = {workspace} and k.id = o.object_id)
        when 3 then exists (select 1 from deals.deal d where d.workspace_id = {workspace} and d.id = o.object_id)
        else true
    end
    """
)
"""The domains below know nothing of links: one to a deleted company or deal stays, unseen, until it is replaced."""

COLUMNS = sql(
    """
    r.id, r.schema_id, r.external_id, r.fields, r.created_at, r.updated_at,
    (select coalesce(jsonb_object_agg(relationship, ids), '{{}}') from (
        select relationship, jsonb_agg(id order by id) as ids from (
            select relationship, id, row_number() over (partition by relationship order by id) as place from (
                select l.relationship, l.contact_id as id from objects.contact_relation l
                join contacts.contact c
                  on c.workspace_id = {workspace} and c.id = l.contact_id and c.deleted_at is null
                where l.workspace_id = {workspace} and l.record_id = r.id
                union all
                select o.relationship, o.object_id from objects.relation o
                where o.workspace_id = {workspace} and o.record_id = r.id and {is_there}
            ) as every
        ) as numbered where place <= {shown} group by relationship
    ) as grouped) as related
    """,
    is_there=_IS_THERE,
    shown=SHOWN,
)


@dataclass(frozen=True, slots=True)
class Related:
    """Something a record belongs to, with a name to show."""

    relationship: str
    namespace: Namespace
    id: int
    name: str
    detail: str


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one schema that belong to a contact, a company or a deal: how many, and the newest."""

    schema_id: int
    count: int
    records: list[Record]


def of_object(namespace: Namespace, object_id: int) -> Sql:
    """Whether the record `r` belongs to the contact, company, deal or record."""
    if namespace == "contact":
        return sql(
            """
            exists (select 1 from objects.contact_relation l where l.workspace_id = {workspace}
                      and l.contact_id = {id} and l.schema_id = r.schema_id and l.record_id = r.id)
            """,
            id=object_id,
        )
    return sql(
        """
        exists (select 1 from objects.relation o where o.workspace_id = {workspace} and o.namespace = {number}
                  and o.object_id = {id} and o.schema_id = r.schema_id and o.record_id = r.id)
        """,
        number=NUMBERS[namespace],
        id=object_id,
    )


def _searched(search: str) -> Sql:
    """Every word stands in the external id or in some value."""
    parts = [
        or_(
            sql("strpos(lower(coalesce(r.external_id, '')), {word}) > 0", word=word),
            and_(
                # Cheap, and leaves few for the look at each value. What JSON writes otherwise is not asked so.
                TRUE if '"' in word or "\\" in word else sql("strpos(lower(r.fields::text), {word}) > 0", word=word),
                sql(
                    """
                    exists (select 1 from jsonb_each_text(r.fields) as v where strpos(lower(v.value), {word}) > 0)
                    """,
                    word=word,
                ),
            ),
        )
        for word in search.lower().split()[:4]
    ]
    return and_(*parts)


async def list_records(
    tx: ReadTx,
    schema_id: int,
    *,
    search: str = "",
    belongs: Mapping[Namespace, int] | None = None,
    limit: int = 100,
    after: str | None = None,
) -> Page[Record]:
    """The newest first; the total comes with the first page, except of a search, which would read everything."""
    where = and_(_searched(search), *[of_object(name, object_id) for name, object_id in (belongs or {}).items()])
    behind = TRUE if after is None else sql("r.id < {last}", last=decode_cursor(after, int)[0])
    found = await tx.all(
        sql(
            """
            select {columns} from objects.record r
            where r.workspace_id = {workspace} and r.schema_id = {schema_id} and {where} and {behind}
            order by r.id desc limit {limit}
            """,
            columns=COLUMNS,
            schema_id=schema_id,
            where=where,
            behind=behind,
            limit=limit + 1,
        ),
        Record,
    )
    items = found[:limit]
    more = encode_cursor(items[-1].id) if len(found) > limit else None
    total = await _count(tx, schema_id, where) if after is None and not search else None
    return Page(items, more, total)


async def _count(tx: ReadTx, schema_id: int, where: Sql) -> int:
    return await tx.value(
        sql(
            """
            select count(*) from objects.record r
            where r.workspace_id = {workspace} and r.schema_id = {schema_id} and {where}
            """,
            schema_id=schema_id,
            where=where,
        )
    )


def _related_by(relationship_id: str, object_id: int) -> Sql:
    """Whether the record `r` belongs to this by the relationship, whatever kind of object it is."""
    return sql(
        """
        (exists (select 1 from objects.contact_relation l where l.workspace_id = {workspace}
                   and l.contact_id = {id} and l.schema_id = r.schema_id and l.record_id = r.id
                   and l.relationship = {relationship})
         or exists (select 1 from objects.relation o where o.workspace_id = {workspace} and o.record_id = r.id
                      and o.relationship = {relationship} and o.object_id = {id}))
        """,
        id=object_id,
        relationship=relationship_id,
    )


async def list_records_from(
    tx: ReadTx,
    schema_id: int,
    *,
    related: Mapping[str, int] | None = None,
    external_id: str | None = None,
    limit: int,
    offset: int,
) -> tuple[list[Record], int]:
    """Records in the order they were made, by row number, and how many there are; for dialects."""
    named = TRUE if external_id is None else sql("r.external_id = {external_id}", external_id=external_id)
    where = and_(named, *[_related_by(name, object_id) for name, object_id in (related or {}).items()])
    found = await tx.all(
        sql(
            """
            select {columns} from objects.record r
            where r.workspace_id = {workspace} and r.schema_id = {schema_id} and {where}
            order by r.id limit {limit} offset {offset}
            """,
            columns=COLUMNS,
            where=where,
            schema_id=schema_id,
            limit=limit,
            offset=offset,
        ),
        Record,
    )
    return found, await _count(tx, schema_id, where)


async def find_records(tx: ReadTx, record_ids: Sequence[int]) -> list[Record]:
    """Those of these records that are there and whose schema is, by id."""
    return await tx.all(
        sql(
            """
            select {columns} from objects.record r
            join objects.schema s on s.workspace_id = {workspace} and s.id = r.schema_id and s.deleted_at is null
            where r.workspace_id = {workspace} and r.id = any({ids}::bigint[]) order by r.id
            """,
            columns=COLUMNS,
            ids=list(record_ids),
        ),
        Record,
    )


async def get_record(tx: ReadTx, record_id: int, *, schema_id: int | None = None) -> Record:
    """`schema_id` insists that the record is of that schema."""
    found = await find_records(tx, [record_id])
    if not found or schema_id not in (None, found[0].schema_id):
        raise RecordNotFound(record_id=record_id)
    return found[0]


async def get_record_by_external_id(tx: ReadTx, schema_id: int, external_id: str) -> Record:
    found = await tx.maybe(
        sql(
            """
            select {columns} from objects.record r
            where r.workspace_id = {workspace} and r.schema_id = {schema_id} and r.external_id = {external_id}
            """,
            columns=COLUMNS,
            schema_id=schema_id,
            external_id=external_id,
        ),
        Record,
    )
    if found is None:
        raise RecordNotFound(record_id=external_id)
    return found


async def list_groups_of(tx: ReadTx, namespace: Namespace, object_id: int, *, shown: int = 5) -> list[Group]:
    """What belongs to a contact or another object, schema by schema, each with its newest records."""
    rows = await tx.all(
        sql(
            """
            with own as materialized (
                select r.* from objects.record r
                join objects.schema s on s.workspace_id = {workspace} and s.id = r.schema_id and s.deleted_at is null
                where r.workspace_id = {workspace} and r.id in ({ids})
            ),
            numbered as materialized (
                select own.*, count(*) over (partition by schema_id) as count,
                       row_number() over (partition by schema_id order by id desc) as place
                from own
            )
            select r.count, {columns} from numbered r where r.place <= {most} order by r.schema_id, r.place
            """,
            ids=_ids_of(namespace, object_id),
            columns=COLUMNS,
            most=shown,
        )
    )
    groups: dict[int, Group] = {}
    for row in rows:
        values: dict[str, Any] = dict(row)
        count: int = values.pop("count")
        record = Record(**values)
        groups.setdefault(record.schema_id, Group(record.schema_id, count, [])).records.append(record)
    return list(groups.values())


def _ids_of(namespace: Namespace, object_id: int) -> Sql:
    if namespace == "contact":
        return sql(
            "select record_id from objects.contact_relation where workspace_id = {workspace} and contact_id = {id}",
            id=object_id,
        )
    return sql(
        """
        select record_id from objects.relation
        where workspace_id = {workspace} and namespace = {number} and object_id = {id}
        """,
        number=NUMBERS[namespace],
        id=object_id,
    )


async def list_related(tx: ReadTx, record_id: int) -> list[Related]:
    """What the record belongs to and is still there, the first hundred of each relationship, with names."""
    return await tx.all(
        sql(
            """
            select relationship, namespace, id, name, detail from (
                select every.*, row_number() over (partition by relationship order by id) as place from (
                    select l.relationship, 'contact' as namespace, c.id,
                           trim(c.first_name || ' ' || c.last_name) as name, coalesce(c.email, c.phone) as detail
                    from objects.contact_relation l
                    join contacts.contact c
                      on c.workspace_id = {workspace} and c.id = l.contact_id and c.deleted_at is null
                    where l.workspace_id = {workspace} and l.record_id = {id}
                    union all
                    select o.relationship, 'company', k.id, k.name, coalesce(k.domain, '')
                    from objects.relation o
                    join contacts.company k on k.workspace_id = {workspace} and k.id = o.object_id
                    where o.workspace_id = {workspace} and o.record_id = {id} and o.namespace = 2
                    union all
                    select o.relationship, 'deal', d.id, d.title, trim(c.first_name || ' ' || c.last_name)
                    from objects.relation o
                    join deals.deal d on d.workspace_id = {workspace} and d.id = o.object_id
                    left join contacts.contact c on c.workspace_id = {workspace} and c.id = d.contact_id
                    where o.workspace_id = {workspace} and o.record_id = {id} and o.namespace = 3
                    union all
                    select o.relationship, 'record', r.id, coalesce(r.external_id, s.singular || ' ' || r.id), s.singular
                    from objects.relation o
                    join objects.record r on r.workspace_id = {workspace} and r.id = o.object_id
                    join objects.schema s on s.workspace_id = {workspace} and s.id = r.schema_id
                    where o.workspace_id = {workspace} and o.record_id = {id} and o.namespace = 4
                ) as every
            ) as numbered where place <= {shown} order by relationship, id
            """,
            id=record_id,
            shown=SHOWN,
        ),
        Related,
    )
