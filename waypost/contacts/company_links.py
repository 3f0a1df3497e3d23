"""Links contacts to the company of their mail domain: new contacts as they come, older ones by a walk.

    contact is created or changes address ──fact──> LINK_NEW ──┐
                                                               ├──> contacts.company_member
    company gets a domain ──link_place = 0──> walk by chunks ──┘

The walk goes through the contacts once for all companies that wait for it, each chunk a transaction
that also moves `link_place`; after a crash it goes on there. Nobody is missed between the two: who
is committed before the walk passes is met by it, everyone else's fact is read when the domain is there.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from waypost.contacts.actions.members import link_members
from waypost.contacts.facts import ContactCreated, ContactUpdated
from waypost.contacts.free_mail import FREE_MAIL
from waypost.contacts.queries.companies import get_company_settings
from waypost.kernel.registry import Consumer, Engine
from waypost.kernel.sql import TRUE, Sql, and_, sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork

CHUNK = 5_000
COMPANIES = 1_000


def _pairs(contacts: Sql, companies: Sql, excluded: list[str]) -> Sql:
    """Who of the contacts (as `c`) belongs to which company; of several with one domain the oldest has it."""
    return sql(
        """
        select c.id as contact_id, k.id as company_id, '' as job_title, false as is_primary
        from ({contacts}) as c
        join lateral (
            select k.id from contacts.company k
            where k.workspace_id = {workspace} and k.domain = split_part(c.email, '@', 2) collate "C"
              and k.domain <> all({excluded}::text[]) and {companies}
            order by k.id limit 1
        ) as k on true
        where not exists (select 1 from contacts.company_member m where m.workspace_id = {workspace}
                            and m.contact_id = c.id and m.company_id = k.id)
          and not exists (select 1 from contacts.company_refusal r where r.workspace_id = {workspace}
                            and r.contact_id = c.id and r.company_id = k.id)
        """,
        contacts=contacts,
        companies=companies,
        excluded=excluded,
    )


async def _excluded(tx: Tx) -> list[str] | None:
    """The domains that say nothing, or None when the workspace links nobody by domain."""
    settings = await get_company_settings(tx)
    return sorted(FREE_MAIL.union(settings.excluded_domains)) if settings.is_linked_by_domain else None


async def link_new(tx: Tx, facts: Sql) -> None:
    """Look at contacts that were created or changed."""
    is_asked = await tx.value(
        sql(
            """
            select exists (select 1 from contacts.company where workspace_id = {workspace} and domain is not null)
                   and exists (select 1 from ({facts}) as facts)
            """,
            facts=facts,
        )
    )
    excluded = await _excluded(tx) if is_asked else None
    if excluded is None:
        return
    contacts = sql(
        """
        select c.id, c.email from contacts.contact c
        where c.workspace_id = {workspace} and c.email is not null and c.deleted_at is null
          and c.id in (select contact_id from ({facts}) as facts)
        """,
        facts=facts,
    )
    await link_members(tx, _pairs(contacts, TRUE, excluded))


async def walk(tx: Tx) -> bool:
    """Look at the next chunk of contacts for the companies that wait; True when there is more to do."""
    waiting = await tx.all(
        sql(
            """
            select id, link_place from contacts.company
            where workspace_id = {workspace} and link_place is not null
            order by link_place, id limit {limit} for update skip locked
            """,
            limit=COMPANIES,
        )
    )
    if not waiting:
        return False
    place = waiting[0]["link_place"]
    company_ids = [row["id"] for row in waiting if row["link_place"] == place]
    excluded = await _excluded(tx)
    end = None if excluded is None else await _end(tx, place)
    if excluded is not None and end is not None:
        contacts = sql(
            """
            select c.id, c.email from contacts.contact c
            where c.workspace_id = {workspace} and c.email is not null and c.deleted_at is null
              and c.id > {place} and c.id <= {end}
            """,
            place=place,
            end=end,
        )
        companies = and_(sql("k.id = any({ids}::bigint[])", ids=company_ids))
        await link_members(tx, _pairs(contacts, companies, excluded))
    await tx.run(
        sql(
            """
            update contacts.company set link_place = {end}::bigint
            where workspace_id = {workspace} and id = any({ids}::bigint[])
            """,
            end=end,
            ids=company_ids,
        )
    )
    return True


async def _end(tx: Tx, place: int) -> int | None:
    """The last id of the next chunk, None behind the last contact."""
    return await tx.value(
        sql(
            """
            select max(id) from (
                select id from contacts.contact where workspace_id = {workspace} and id > {place}
                order by id limit {limit}
            ) as chunk
            """,
            place=place,
            limit=CHUNK,
        )
    )


@asynccontextmanager
async def _open(work: SystemWork) -> AsyncIterator[Callable[[int], Awaitable[bool]]]:
    async def tick(workspace_id: int) -> bool:
        async with work.db.transaction(workspace_id) as tx:
            return await walk(tx)

    yield tick


def due() -> Sql:
    # lint: tenant because it asks which workspaces have something to do
    return sql("select distinct workspace_id from contacts.company where link_place is not null")


LINK_NEW = Consumer("contacts.link_new", (ContactCreated, ContactUpdated), link_new)
ENGINE = Engine("contacts.link_companies", "companies", due, _open, interval_seconds=10.0)
