"""Companies: one, several, and pages of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from waypost.contacts.errors import CompanyNotFound
from waypost.contacts.types import Company, CompanySettings
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, and_, or_, sql
from waypost.kernel.tx import ReadTx

CompanySort = Literal["name", "-name", "created_at", "-created_at"]

COLUMNS = sql(
    """
    k.id, k.name, k.website, k.domain, k.owner_id, k.fields, k.created_at, k.updated_at,
    (select count(*) from contacts.company_member m join contacts.contact c
       on c.workspace_id = m.workspace_id and c.id = m.contact_id and c.deleted_at is null
     where m.workspace_id = {workspace} and m.company_id = k.id) as contact_count
    """
)
_NAME = sql('lower(k.name) collate "C"')
_ORDERS: dict[CompanySort, Sql] = {
    "name": sql('lower(k.name) collate "C", k.id'),
    "-name": sql('lower(k.name) collate "C" desc, k.id desc'),
    "created_at": sql("k.created_at, k.id"),
    "-created_at": sql("k.created_at desc, k.id desc"),
}


def _searched(search: str) -> Sql:
    """Every word must stand somewhere in the name, the domain or the website."""
    parts = [
        or_(
            sql("strpos(lower(k.name), {word}) > 0", word=word),
            sql("strpos(coalesce(k.domain, ''), {word}) > 0", word=word),
            sql("strpos(lower(k.website), {word}) > 0", word=word),
        )
        for word in search.lower().split()[:4]
    ]
    return and_(*parts)


def _wanted(search: str, owner_id: int | None) -> Sql:
    owned = TRUE if owner_id is None else sql("k.owner_id = {owner_id}", owner_id=owner_id)
    return and_(_searched(search), owned)


def _behind(sort: CompanySort, after: str | None) -> Sql:
    if after is None:
        return TRUE
    is_named = sort.removeprefix("-") == "name"
    first, last = decode_cursor(after, str if is_named else datetime, int)
    key = _NAME if is_named else sql("k.created_at")
    if sort.startswith("-"):
        return sql("({key}, k.id) < ({first}, {last})", key=key, first=first, last=last)
    return sql("({key}, k.id) > ({first}, {last})", key=key, first=first, last=last)


async def list_companies(
    tx: ReadTx,
    *,
    search: str = "",
    owner_id: int | None = None,
    sort: CompanySort = "name",
    limit: int = 100,
    after: str | None = None,
) -> Page[Company]:
    """A page of companies, each with how many contacts it has; the total comes with the first page."""
    where = _wanted(search, owner_id)
    found = await tx.all(
        sql(
            """
            select {columns} from contacts.company k
            where k.workspace_id = {workspace} and {where} and {behind} order by {order} limit {limit}
            """,
            columns=COLUMNS,
            where=where,
            behind=_behind(sort, after),
            order=_ORDERS[sort],
            limit=limit + 1,
        ),
        Company,
    )
    total = await count_companies(tx, search=search, owner_id=owner_id) if after is None else None
    is_by_name = sort.removeprefix("-") == "name"
    return page_of(
        found, limit, lambda last: (last.name.lower() if is_by_name else last.created_at, last.id), total=total
    )


async def list_companies_from(tx: ReadTx, *, search: str = "", limit: int, offset: int) -> tuple[list[Company], int]:
    """Companies in the order they were made, by row number, and how many there are; for dialects."""
    found = await tx.all(
        sql(
            """
            select {columns} from contacts.company k
            where k.workspace_id = {workspace} and {where} order by k.id limit {limit} offset {offset}
            """,
            columns=COLUMNS,
            where=_searched(search),
            limit=limit,
            offset=offset,
        ),
        Company,
    )
    return found, await count_companies(tx, search=search)


async def count_companies(tx: ReadTx, *, search: str = "", owner_id: int | None = None) -> int:
    return await tx.value(
        sql(
            "select count(*) from contacts.company k where k.workspace_id = {workspace} and {where}",
            where=_wanted(search, owner_id),
        )
    )


async def find_companies(tx: ReadTx, company_ids: Sequence[int]) -> list[Company]:
    """Those of these companies that are there, by id."""
    return await tx.all(
        sql(
            """
            select {columns} from contacts.company k
            where k.workspace_id = {workspace} and k.id = any({ids}::bigint[]) order by k.id
            """,
            columns=COLUMNS,
            ids=list(company_ids),
        ),
        Company,
    )


async def get_company(tx: ReadTx, company_id: int) -> Company:
    found = await find_companies(tx, [company_id])
    if not found:
        raise CompanyNotFound(company_id=company_id)
    return found[0]


async def get_company_settings(tx: ReadTx) -> CompanySettings:
    """The workspace's choice about domains, or the defaults."""
    row = await tx.maybe(
        sql(
            """
            select is_linked_by_domain, excluded_domains from contacts.company_settings
            where workspace_id = {workspace}
            """
        )
    )
    return CompanySettings() if row is None else CompanySettings(row[0], tuple(row[1]))
