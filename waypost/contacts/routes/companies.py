"""Companies, who belongs to them, and the workspace's choice about domains."""

from __future__ import annotations

from litestar import delete, get, patch, post

from waypost.contacts.actions.companies import (
    CompanyChange,
    create_company,
    delete_companies,
    set_company_settings,
    update_company,
)
from waypost.contacts.actions.members import link_company, unlink_company, update_member
from waypost.contacts.audience import these
from waypost.contacts.queries.companies import CompanySort, get_company, get_company_settings, list_companies
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.members import get_member, list_colleagues, list_workplaces
from waypost.contacts.routes.answers import Limit
from waypost.contacts.schemas.companies import (
    ColleagueList,
    CompanyBody,
    CompanyIds,
    CompanyList,
    CompanyPatch,
    CompanySettingsPatch,
    MemberPatch,
    MembersBody,
    WorkplaceList,
)
from waypost.contacts.schemas.contacts import Changed
from waypost.contacts.types import Company, CompanySettings, Member
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/companies")
async def read_companies(
    read: ReadTx,
    search: str = "",
    owner_id: int | None = None,
    sort: CompanySort = "name",
    limit: Limit = 100,
    after: str | None = None,
) -> CompanyList:
    page = await list_companies(read, search=search.strip(), owner_id=owner_id, sort=sort, limit=limit, after=after)
    return CompanyList(items=list(page.items), next=page.next, total=page.total)


@post("/api/v1/companies")
async def add_company(data: CompanyBody, tx: Tx) -> Company:
    return await create_company(
        tx, name=data.name, website=data.website, domain=data.domain, owner_id=data.owner_id, fields=data.fields
    )


@get("/api/v1/companies/{company_id:int}")
async def read_company(company_id: int, read: ReadTx) -> Company:
    return await get_company(read, company_id)


@patch("/api/v1/companies/{company_id:int}")
async def change_company(company_id: int, data: CompanyPatch, tx: Tx) -> Company:
    change = CompanyChange(company_id, data.name, data.website, data.domain, data.owner_id, data.fields)
    return await update_company(tx, change)


@delete("/api/v1/companies/{company_id:int}")
async def drop_company(company_id: int, tx: Tx) -> None:
    await get_company(tx, company_id)
    await delete_companies(tx, [company_id])


@post("/api/v1/companies/delete", status_code=200)
async def drop_companies(data: CompanyIds, tx: Tx) -> Changed:
    return Changed(changed=await delete_companies(tx, data.company_ids))


@get("/api/v1/companies/{company_id:int}/members")
async def read_members(company_id: int, read: ReadTx, limit: Limit = 100, after: str | None = None) -> ColleagueList:
    await get_company(read, company_id)
    page = await list_colleagues(read, company_id, limit=limit, after=after)
    return ColleagueList(items=list(page.items), next=page.next)


@post("/api/v1/companies/{company_id:int}/members", status_code=200)
async def add_members(company_id: int, data: MembersBody, tx: Tx) -> Changed:
    who = these(data.contact_ids)
    added = await link_company(tx, company_id, who, job_title=data.job_title, is_primary=data.is_primary)
    return Changed(changed=added)


@patch("/api/v1/companies/{company_id:int}/members/{contact_id:int}")
async def change_member(company_id: int, contact_id: int, data: MemberPatch, tx: Tx) -> Member:
    return await update_member(tx, company_id, contact_id, job_title=data.job_title, is_primary=data.is_primary)


@delete("/api/v1/companies/{company_id:int}/members/{contact_id:int}")
async def drop_member(company_id: int, contact_id: int, tx: Tx) -> None:
    await get_member(tx, company_id, contact_id)
    await unlink_company(tx, company_id, these([contact_id]))


@get("/api/v1/contacts/{contact_id:int}/companies")
async def read_workplaces(contact_id: int, read: ReadTx) -> WorkplaceList:
    await get_contact(read, contact_id)
    return WorkplaceList(items=await list_workplaces(read, contact_id))


@get("/api/v1/company-settings")
async def read_company_settings(read: ReadTx) -> CompanySettings:
    return await get_company_settings(read)


@patch("/api/v1/company-settings")
async def change_company_settings(data: CompanySettingsPatch, tx: Tx) -> CompanySettings:
    return await set_company_settings(
        tx, is_linked_by_domain=data.is_linked_by_domain, excluded_domains=data.excluded_domains
    )


ROUTES = (
    read_companies, add_company, read_company, change_company, drop_company, drop_companies,
    read_members, add_members, change_member, drop_member, read_workplaces,
    read_company_settings, change_company_settings,
)  # fmt: skip
