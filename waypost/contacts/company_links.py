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
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import Tx
from waypost.kernel.work import SystemWork

CHUNK = 20_000


def _missing(found: Sql) -> Sql:
    """The pairs (contact_id, company_id) among those found that are neither there nor were taken out by hand."""
    return sql(
        """
        select f.contact_id, f.company_id, '' as job_title, false as is_primary from ({found}) as f
        where not exists (select 1 from contacts.company_member m where m.workspace_id = {workspace}
                            and m.contact_id = f.contact_id and m.company_id = f.company_id)
          and not exists (select 1 from contacts.company_refusal r where r.workspace_id = {workspace}
                            and r.contact_id = f.contact_id and r.company_id = f.company_id)
        """,
        found=found,
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
    # Few contacts look up their company one by one; of several with one domain the oldest has it.
    found = sql(
        """
        select c.id as contact_id, k.id as company_id
        from contacts.contact c
        join lateral (
            select k.id from contacts.company k
            where k.workspace_id = {workspace} and k.domain = split_part(c.email, '@', 2) collate "C"
              and k.domain <> all({excluded}::text[])
            order by k.id limit 1
        ) as k on true
        where c.workspace_id = {workspace} and c.email is not null and c.deleted_at is null
          and c.id in (select contact_id from ({facts}) as facts)
        """,
        facts=facts,
        excluded=excluded,
    )
    await link_members(tx, _missing(found))


async def walk(tx: Tx) -> bool:
    """Look at the next chunk of contacts for the companies that wait and are least far; True when there may be more."""
    is_ours = await tx.value(
        sql("select pg_try_advisory_xact_lock(hashtextextended('contacts.company_links', {workspace}))")
    )
    place = await tx.value(
        sql("select min(link_place) from contacts.company where workspace_id = {workspace} and link_place is not null")
    )
    if not is_ours or place is None:
        return False
    excluded = await _excluded(tx)
    end = None if excluded is None else await _end(tx, place)
    if excluded is not None and end is not None:
        await link_members(tx, _missing(_met(place, end, excluded)))
    await tx.run(
        sql(
            """
            update contacts.company set link_place = {end}::bigint
            where workspace_id = {workspace} and link_place = {place}
            """,
            end=end,
            place=place,
        )
    )
    return True


def _met(place: int, end: int, excluded: list[str]) -> Sql:
    """Who of a chunk of contacts belongs to a company that waits; of several with one domain the oldest has it."""
    return sql(
        """
        select c.id as contact_id, k.id as company_id
        from contacts.contact c
        join contacts.company k
          on k.workspace_id = {workspace} and k.domain = split_part(c.email, '@', 2) collate "C"
        where c.workspace_id = {workspace} and c.email is not null and c.deleted_at is null
          and c.id > {place} and c.id <= {end}
          and k.link_place = {place} and k.domain <> all({excluded}::text[])
          and not exists (select 1 from contacts.company o where o.workspace_id = {workspace}
                            and o.domain = k.domain and o.id < k.id)
        """,
        place=place,
        end=end,
        excluded=excluded,
    )


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
