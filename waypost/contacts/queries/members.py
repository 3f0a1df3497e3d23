"""Who belongs to which company."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from waypost.contacts.errors import MemberNotFound
from waypost.contacts.types import Member
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import ReadTx

COLUMNS = sql("m.id, m.contact_id, m.company_id, m.job_title, m.is_primary, m.created_at, m.updated_at")
LIVING = sql(
    """
    exists (select 1 from contacts.contact c where c.workspace_id = {workspace} and c.id = m.contact_id
              and c.deleted_at is null)
    """
)


@dataclass(frozen=True, slots=True)
class Colleague:
    """A member of a company as a list shows it."""

    contact_id: int
    email: str | None
    first_name: str
    last_name: str
    phone: str
    job_title: str
    is_primary: bool
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Workplace:
    """A company of a contact as the profile shows it."""

    company_id: int
    name: str
    domain: str | None
    website: str
    job_title: str
    is_primary: bool
    created_at: datetime


async def list_colleagues(
    tx: ReadTx, company_id: int, *, limit: int = 100, after: str | None = None
) -> Page[Colleague]:
    """The contacts of a company, in the order they joined it."""
    behind = TRUE
    if after is not None:
        (last,) = decode_cursor(after, int)
        behind = sql("m.id > {last}", last=last)
    rows = await tx.all(
        sql(
            """
            select m.id, m.contact_id, c.email, c.first_name, c.last_name, c.phone, m.job_title, m.is_primary,
                   m.created_at
            from contacts.company_member m
            join contacts.contact c on c.workspace_id = {workspace} and c.id = m.contact_id and c.deleted_at is null
            where m.workspace_id = {workspace} and m.company_id = {company_id} and {behind}
            order by m.id limit {limit}
            """,
            company_id=company_id,
            behind=behind,
            limit=limit + 1,
        )
    )
    page = page_of(rows, limit, lambda row: row["id"])
    return Page([Colleague(*tuple(row)[1:]) for row in page.items], page.next)


async def list_workplaces(tx: ReadTx, contact_id: int) -> list[Workplace]:
    """The companies of a living contact, the primary one first."""
    return await tx.all(
        sql(
            """
            select m.company_id, k.name, k.domain, k.website, m.job_title, m.is_primary, m.created_at
            from contacts.company_member m
            join contacts.company k on k.workspace_id = {workspace} and k.id = m.company_id
            where m.workspace_id = {workspace} and m.contact_id = {contact_id} and {living}
            order by m.is_primary desc, m.id
            """,
            contact_id=contact_id,
            living=LIVING,
        ),
        Workplace,
    )


async def get_member(tx: ReadTx, company_id: int, contact_id: int) -> Member:
    found = await list_members(tx, contact_ids=[contact_id], company_id=company_id)
    if not found:
        raise MemberNotFound(company_id=company_id, contact_id=contact_id)
    return found[0]


async def find_member(tx: ReadTx, member_id: int) -> Member | None:
    """A membership by its own id."""
    return await tx.maybe(
        sql(
            """
            select {columns} from contacts.company_member m
            where m.workspace_id = {workspace} and m.id = {id} and {living}
            """,
            columns=COLUMNS,
            id=member_id,
            living=LIVING,
        ),
        Member,
    )


async def list_members(tx: ReadTx, *, contact_ids: Sequence[int], company_id: int | None = None) -> list[Member]:
    """The memberships of some contacts."""
    return await tx.all(
        sql(
            """
            select {columns} from contacts.company_member m
            where m.workspace_id = {workspace} and m.contact_id = any({ids}::bigint[]) and {within} and {living}
            order by m.contact_id, m.is_primary desc, m.id
            """,
            columns=COLUMNS,
            ids=list(contact_ids),
            within=_within(company_id),
            living=LIVING,
        ),
        Member,
    )


async def list_members_from(
    tx: ReadTx, *, contact_id: int | None = None, company_id: int | None = None, limit: int, offset: int
) -> tuple[list[Member], int]:
    """Memberships by row number, and how many there are; for dialects."""
    whose = TRUE if contact_id is None else sql("m.contact_id = {contact_id}", contact_id=contact_id)
    where = and_(whose, _within(company_id), LIVING)
    found = await tx.all(
        sql(
            """
            select {columns} from contacts.company_member m where m.workspace_id = {workspace} and {where}
            order by m.id limit {limit} offset {offset}
            """,
            columns=COLUMNS,
            where=where,
            limit=limit,
            offset=offset,
        ),
        Member,
    )
    total = await tx.value(
        sql(
            "select count(*) from contacts.company_member m where m.workspace_id = {workspace} and {where}", where=where
        )
    )
    return found, total


def _within(company_id: int | None) -> Sql:
    return TRUE if company_id is None else sql("m.company_id = {company_id}", company_id=company_id)
