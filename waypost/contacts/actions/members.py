"""Who belongs to which company: linking and unlinking sets, roles, and linking by mail domain."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.activities.entries import insert_facts
from waypost.activities.types import Audience
from waypost.contacts.errors import CompanyNotFound
from waypost.contacts.facts import CompanyLinked, CompanyUnlinked
from waypost.contacts.queries.members import get_member
from waypost.contacts.types import Member
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx

MAX_TITLE = 250


async def lock_companies(tx: Tx, company_ids: Sequence[int]) -> None:
    """Nobody deletes these companies before this transaction ends; stands in for foreign keys, once per set."""
    rows = await tx.all(
        sql(
            """
            select id from contacts.company where workspace_id = {workspace} and id = any({ids}::bigint[])
            order by id for key share
            """,
            ids=list(company_ids),
        )
    )
    missing = set(company_ids) - {row["id"] for row in rows}
    if missing:
        raise CompanyNotFound(company_id=min(missing))


async def link_company(tx: Tx, company_id: int, who: Audience, *, job_title: str = "", is_primary: bool = False) -> int:
    """Make everyone in the set who does not belong to the company a member; returns how many that was."""
    await lock_companies(tx, [company_id])
    pairs = sql(
        """
        select contact_id, {company_id} as company_id, {job_title} as job_title, {is_primary} as is_primary
        from ({who}) as who
        """,
        company_id=company_id,
        job_title=_title(job_title),
        is_primary=is_primary,
        who=who,
    )
    return await link_members(tx, pairs)


def _title(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())[:MAX_TITLE]


async def link_members(tx: Tx, pairs: Sql) -> int:
    """Add the pairs (contact_id, company_id, job_title, is_primary) that are missing, of locked companies.

    A contact's first company becomes the primary one; another that is to be primary takes its place.
    """
    # Locked first, so that of two links to one contact the later sees the earlier's primary company.
    await tx.run(
        sql(
            """
            select id from contacts.contact
            where workspace_id = {workspace} and deleted_at is null
              and id in (select contact_id from ({pairs}) as pairs)
            order by id for no key update
            """,
            pairs=pairs,
        )
    )
    count = await tx.value(
        sql(
            """
            with wanted as materialized (
                select p.contact_id, p.company_id, max(p.job_title) as job_title, bool_or(p.is_primary) as is_primary,
                       exists (select 1 from contacts.company_member m where m.workspace_id = {workspace}
                                 and m.contact_id = p.contact_id and m.is_primary) as has_primary
                from ({pairs}) as p
                join contacts.contact c
                  on c.workspace_id = {workspace} and c.id = p.contact_id and c.deleted_at is null
                where not exists (select 1 from contacts.company_member m where m.workspace_id = {workspace}
                                    and m.contact_id = p.contact_id and m.company_id = p.company_id)
                group by p.contact_id, p.company_id
            ),
            added as (
                insert into contacts.company_member
                    (workspace_id, contact_id, company_id, job_title, is_primary, created_at, updated_at)
                select {workspace}, contact_id, company_id, job_title,
                       (is_primary or not has_primary)
                       and row_number() over (partition by contact_id order by is_primary desc, company_id) = 1,
                       {now}, {now}
                from wanted order by contact_id, company_id
                on conflict do nothing
                returning contact_id, company_id, is_primary
            ),
            demoted as (
                update contacts.company_member m set is_primary = false, updated_at = {now}
                from added
                where m.workspace_id = {workspace} and m.contact_id = added.contact_id and added.is_primary
                  and m.company_id <> added.company_id and m.is_primary
            ),
            forgiven as (
                delete from contacts.company_refusal r using added
                where r.workspace_id = {workspace} and r.contact_id = added.contact_id
                  and r.company_id = added.company_id
            ),
            logged as ({log})
            select count(*) from added
            """,
            pairs=pairs,
            log=insert_facts(
                tx,
                sql(
                    "select contact_id, {kind} as kind, company_id as object_id, null::jsonb as data from added",
                    kind=CompanyLinked.kind,
                ),
            ),
        )
    )
    return await _told(tx, count)


async def unlink_company(tx: Tx, company_id: int, who: Audience) -> int:
    """Take everyone in the set out of the company; returns how many belonged to it."""
    await lock_companies(tx, [company_id])
    return await unlink_members(
        tx,
        sql("select contact_id, {company_id} as company_id from ({who}) as who", company_id=company_id, who=who),
    )


async def unlink_members(tx: Tx, pairs: Sql, *, is_remembered: bool = True) -> int:
    """Remove the (contact_id, company_id) pairs that are there; the domain does not bring them back.

    Whose primary company it was gets the oldest of the others as such.
    """
    count = await tx.value(
        sql(
            """
            with removed as (
                delete from contacts.company_member m using ({pairs}) as pairs
                where m.workspace_id = {workspace} and m.contact_id = pairs.contact_id
                  and m.company_id = pairs.company_id
                returning m.contact_id, m.company_id, m.is_primary
            ),
            refused as (
                insert into contacts.company_refusal (workspace_id, contact_id, company_id, created_at)
                select {workspace}, contact_id, company_id, {now} from removed where {is_remembered}
                order by contact_id, company_id
                on conflict do nothing
            ),
            next as (
                select distinct on (m.contact_id) m.contact_id, m.company_id
                from contacts.company_member m
                join removed on removed.contact_id = m.contact_id and removed.is_primary
                where m.workspace_id = {workspace}
                  and not exists (select 1 from removed r where r.contact_id = m.contact_id and r.company_id = m.company_id)
                order by m.contact_id, m.id
            ),
            promoted as (
                update contacts.company_member m set is_primary = true, updated_at = {now}
                from next
                where m.workspace_id = {workspace} and m.contact_id = next.contact_id
                  and m.company_id = next.company_id
            ),
            logged as ({log})
            select count(*) from removed
            """,
            pairs=pairs,
            is_remembered=is_remembered,
            log=insert_facts(
                tx,
                sql(
                    "select contact_id, {kind} as kind, company_id as object_id, null::jsonb as data from removed",
                    kind=CompanyUnlinked.kind,
                ),
            ),
        )
    )
    return await _told(tx, count)


async def update_member(
    tx: Tx, company_id: int, contact_id: int, *, job_title: str | None = None, is_primary: bool | None = None
) -> Member:
    """Change a role, or make this the contact's primary company (another one takes over when it ceases to be)."""
    await get_member(tx, company_id, contact_id)
    await tx.run(
        sql(
            """
            update contacts.company_member
            set job_title = case when company_id = {company_id} then coalesce({job_title}::text, job_title)
                                 else job_title end,
                is_primary = case when {is_primary}::boolean is null then is_primary
                                  else company_id = {primary_id} end,
                updated_at = {now}
            where workspace_id = {workspace} and contact_id = {contact_id}
              and (company_id = {company_id} or {is_primary}::boolean is not null)
            """,
            company_id=company_id,
            contact_id=contact_id,
            job_title=None if job_title is None else _title(job_title),
            is_primary=is_primary,
            primary_id=company_id if is_primary else await _other_of(tx, company_id, contact_id),
        )
    )
    return await get_member(tx, company_id, contact_id)


async def _other_of(tx: Tx, company_id: int, contact_id: int) -> int:
    """The oldest of the contact's other companies, or this one when it is the only one."""
    other = await tx.value(
        sql(
            """
            select company_id from contacts.company_member
            where workspace_id = {workspace} and contact_id = {contact_id} and company_id <> {company_id}
            order by is_primary desc, id limit 1
            """,
            contact_id=contact_id,
            company_id=company_id,
        )
    )
    return company_id if other is None else other


async def _told(tx: Tx, count: int) -> int:
    if count:
        tx.wake("facts")
    return count
