"""Companies: making, changing and deleting them, one or many; the workspace's choice about domains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import asyncpg
import orjson
from msgspec import UNSET, UnsetType

from waypost.activities.entries import insert_facts
from waypost.contacts.actions.members import lock_companies, unlink_members
from waypost.contacts.actions.row_fields import stored_values
from waypost.contacts.domains import domain_of, find_domain
from waypost.contacts.errors import CompanyNotFound, DomainInvalid, NameMissing, NameTaken
from waypost.contacts.facts import CompanyChanged
from waypost.contacts.queries.companies import find_companies, get_company, get_company_settings
from waypost.contacts.queries.row_fields import COMPANY_FIELDS, list_row_fields
from waypost.contacts.types import Company, CompanySettings
from waypost.identity.queries import get_user
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

UNLOCKED = sql("")

MAX_NAME = 250
MAX_EXCLUDED = 1_000


@dataclass(frozen=True, slots=True)
class CompanyChange:
    """What to change of one company; what is UNSET stays as it is. A website brings its domain along."""

    company_id: int
    name: str | UnsetType = UNSET
    website: str | UnsetType = UNSET
    domain: str | None | UnsetType = UNSET
    owner_id: int | None | UnsetType = UNSET
    fields: Mapping[int, object] | UnsetType = UNSET


def _name(text: str) -> str:
    name = " ".join(text.replace("\x00", "").split())[:MAX_NAME]
    if not name:
        raise NameMissing(noun="company", pointer="/name")
    return name


def _website(text: str) -> str:
    return text.replace("\x00", "").strip()[:2_000]


async def create_company(
    tx: Tx,
    *,
    name: str,
    website: str = "",
    domain: str | None = None,
    owner_id: int | None = None,
    fields: Mapping[int, object] | None = None,
) -> Company:
    """A new company; its domain is the website's unless given. Contacts of the domain join it in a moment."""
    if owner_id is not None:
        await get_user(tx, owner_id)
    found = domain_of(domain) if domain else find_domain(website)
    stored = stored_values(await list_row_fields(tx, COMPANY_FIELDS), fields or {}, is_new=True)
    company_id = await tx.value(
        sql(
            """
            insert into contacts.company
                (workspace_id, name, website, domain, owner_id, fields, link_place, created_at, updated_at)
            values ({workspace}, {name}, {website}, {domain}::text, {owner_id}::bigint, {fields}::jsonb,
                    {place}::bigint, {now}, {now})
            on conflict (workspace_id, lower(name)) do nothing returning id
            """,
            name=_name(name),
            website=_website(website),
            domain=found,
            owner_id=owner_id,
            fields={key: value for key, value in stored.items() if value is not None},
            place=None if found is None else 0,
        )
    )
    if company_id is None:
        raise NameTaken(noun="company", name=name, pointer="/name")
    if found is not None:
        tx.wake("companies")
    return await get_company(tx, company_id)


async def ensure_companies(tx: Tx, names: Sequence[str]) -> dict[str, int]:
    """The ids of these companies by their names as given, locked; what is missing is made."""
    unique = {_name(name).lower(): _name(name) for name in reversed(names) if name.strip()}
    if not unique:
        return {}
    await tx.run(
        sql(
            """
            insert into contacts.company (workspace_id, name, created_at, updated_at)
            select {workspace}, name, {now}, {now} from unnest({names}) as name
            on conflict (workspace_id, lower(name)) do nothing
            """,
            names=[unique[key] for key in sorted(unique)],
        )
    )
    return await known_companies(tx, names, lock=sql("for key share of c"))


async def known_companies(tx: ReadTx, names: Sequence[str], *, lock: Sql = UNLOCKED) -> dict[str, int]:
    """The ids of those of the companies that are there, by their names as given.

    PostgreSQL alone decides which names are the same: it writes some letters small otherwise than Python does.
    """
    given = {name: _name(name) for name in names if name.strip()}
    rows = await tx.all(
        sql(
            """
            select given.name, c.id from unnest({names}::text[]) as given (name)
            join contacts.company as c on c.workspace_id = {workspace} and lower(c.name) = lower(given.name)
            order by c.id {lock}
            """,
            names=sorted(set(given.values())),
            lock=lock,
        )
    )
    ids = {row["name"]: row["id"] for row in rows}
    return {name: ids[clean] for name, clean in given.items() if clean in ids}


async def update_company(tx: Tx, change: CompanyChange) -> Company:
    await update_companies(tx, [change])
    return await get_company(tx, change.company_id)


async def update_companies(tx: Tx, changes: Sequence[CompanyChange]) -> int:
    """Change companies, each in its own way, in one statement; their contacts' logs say so.

    Returns how many changed.
    """
    there = {company.id for company in await find_companies(tx, [change.company_id for change in changes])}
    for change in changes:
        if change.company_id not in there:
            raise CompanyNotFound(company_id=change.company_id)
    for owner_id in {change.owner_id for change in changes if isinstance(change.owner_id, int)}:
        await get_user(tx, owner_id)  # lint: no-row-loops because a change names one owner
    fields = await list_row_fields(tx, COMPANY_FIELDS) if any(change.fields is not UNSET for change in changes) else []
    patches = [_patch(change, stored_values(fields, change.fields or {})) for change in changes]
    try:
        row = await tx.one(
            sql(
                _UPDATE,
                patches=orjson.dumps(patches).decode(),
                log=insert_facts(
                    tx,
                    sql(
                        """
                        select m.contact_id, {kind} as kind, m.company_id as object_id, null::jsonb as data
                        from written join contacts.company_member m
                          on m.workspace_id = {workspace} and m.company_id = written.id
                        """,
                        kind=CompanyChanged.kind,
                    ),
                ),
            )
        )
    except asyncpg.UniqueViolationError as error:
        names = [change.name for change in changes if isinstance(change.name, str)]
        raise NameTaken(noun="company", name=", ".join(names), pointer="/name") from error
    if row["changed"]:
        tx.wake("facts")
    if row["is_due"]:
        tx.wake("companies")
    return row["changed"]


_UPDATE = """
    with given as materialized (
        select * from jsonb_to_recordset({patches}::jsonb) as g (id bigint, name text, website text, domain text,
            has_domain boolean, owner_id bigint, has_owner boolean, fields jsonb, cleared text[])
    ),
    prior as materialized (
        select k.id, coalesce(g.name, k.name) as name, coalesce(g.website, k.website) as website,
               case when g.has_domain then g.domain else k.domain end as domain,
               case when g.has_owner then g.owner_id else k.owner_id end as owner_id,
               (k.fields || g.fields) - g.cleared as fields
        from contacts.company k join given g on g.id = k.id
        where k.workspace_id = {workspace} order by k.id for update of k
    ),
    written as (
        update contacts.company k
        set name = p.name, website = p.website, domain = p.domain, owner_id = p.owner_id, fields = p.fields,
            updated_at = {now},
            link_place = case when p.domain is null then null
                              when p.domain is distinct from k.domain then 0 else k.link_place end
        from prior p
        where k.workspace_id = {workspace} and k.id = p.id
          and (k.name, k.website, k.domain, k.owner_id, k.fields)
              is distinct from (p.name, p.website, p.domain, p.owner_id, p.fields)
        returning k.id, k.link_place
    ),
    logged as ({log})
    select count(*) as changed, coalesce(bool_or(link_place = 0), false) as is_due from written
    """


def _patch(change: CompanyChange, values: Mapping[str, object]) -> dict[str, object]:
    domain = change.domain
    if domain is UNSET and isinstance(change.website, str):
        domain = find_domain(change.website) or UNSET
    owner_id = change.owner_id
    return {
        "id": change.company_id,
        "name": None if change.name is UNSET else _name(change.name),
        "website": None if change.website is UNSET else _website(change.website),
        "domain": None if domain is UNSET else domain_of(domain),
        "has_domain": domain is not UNSET,
        "owner_id": None if owner_id is UNSET else owner_id,
        "has_owner": owner_id is not UNSET,
        "fields": {key: value for key, value in values.items() if value is not None},
        "cleared": [key for key, value in values.items() if value is None],
    }


async def delete_companies(tx: Tx, company_ids: Sequence[int]) -> int:
    """Delete companies with their notes; their contacts stay. Returns how many there were."""
    ids = sorted(company.id for company in await find_companies(tx, company_ids))
    if not ids:
        return 0
    await lock_companies(tx, ids)
    pairs = sql(
        """
        select contact_id, company_id from contacts.company_member
        where workspace_id = {workspace} and company_id = any({ids}::bigint[])
        """,
        ids=ids,
    )
    await unlink_members(tx, pairs, is_remembered=False)
    await tx.run(
        sql(
            "delete from contacts.company_refusal where workspace_id = {workspace} and company_id = any({ids}::bigint[])",
            ids=ids,
        )
    )
    await tx.run(
        sql("delete from contacts.note where workspace_id = {workspace} and company_id = any({ids}::bigint[])", ids=ids)
    )
    return await tx.run(
        sql("delete from contacts.company where workspace_id = {workspace} and id = any({ids}::bigint[])", ids=ids)
    )


async def set_company_settings(
    tx: Tx, *, is_linked_by_domain: bool | None = None, excluded_domains: Sequence[str] | None = None
) -> CompanySettings:
    """The workspace's choice; turning links on looks through the contacts for every company's domain."""
    before = await get_company_settings(tx)
    is_linked = before.is_linked_by_domain if is_linked_by_domain is None else is_linked_by_domain
    excluded = before.excluded_domains
    if excluded_domains is not None:
        excluded = _excluded(excluded_domains)
    after = CompanySettings(is_linked, excluded)
    await tx.run(
        sql(
            """
            insert into contacts.company_settings (workspace_id, is_linked_by_domain, excluded_domains, updated_at)
            values ({workspace}, {is_linked}, {excluded}::text[], {now})
            on conflict (workspace_id) do update set is_linked_by_domain = excluded.is_linked_by_domain,
                excluded_domains = excluded.excluded_domains, updated_at = excluded.updated_at
            """,
            is_linked=after.is_linked_by_domain,
            excluded=list(after.excluded_domains),
        )
    )
    if after != before and after.is_linked_by_domain:
        await tx.run(
            sql("update contacts.company set link_place = 0 where workspace_id = {workspace} and domain is not null")
        )
        tx.wake("companies")
    return after


def _excluded(given: Sequence[str]) -> tuple[str, ...]:
    found: set[str] = set()
    for number, text in enumerate(given):
        domain = find_domain(text)
        if number >= MAX_EXCLUDED or domain is None:
            raise DomainInvalid(domain=text[:80], pointer=f"/excluded_domains/{number}")
        found.add(domain)
    return tuple(sorted(found))
