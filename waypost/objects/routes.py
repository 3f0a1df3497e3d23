"""Custom objects: schemas, records, and the records of a contact, a company or a deal."""

from __future__ import annotations

from typing import Annotated

from litestar import delete, get, patch, post
from litestar.params import Parameter

from waypost.contacts.queries.companies import get_company
from waypost.contacts.queries.contacts import get_contact
from waypost.deals.queries.deals import get_deal
from waypost.kernel.tx import ReadTx, Tx
from waypost.objects.actions.records import delete_records, upsert_record, upsert_records
from waypost.objects.actions.schemas import (
    create_schema,
    delete_field,
    delete_relationship,
    delete_schema,
    update_schema,
)
from waypost.objects.queries.records import get_record, list_groups_of, list_records, list_related
from waypost.objects.queries.schemas import get_schema, list_schemas
from waypost.objects.schemas import (
    Changed,
    GroupList,
    RecordBody,
    RecordIds,
    RecordList,
    RecordPatch,
    RecordsBody,
    RelatedList,
    SchemaBody,
    SchemaList,
    SchemaPatch,
    WrittenList,
)
from waypost.objects.types import Namespace, Record, RecordInput, Schema

Limit = Annotated[int, Parameter(ge=1, le=500)]
SCHEMAS = "/api/v1/objects/schemas"
RECORDS = "/api/v1/objects/records"


@get(SCHEMAS)
async def read_schemas(read: ReadTx) -> SchemaList:
    found = await list_schemas(read)
    return SchemaList(items=found, total=len(found))


@post(SCHEMAS)
async def add_schema(data: SchemaBody, tx: Tx) -> Schema:
    return await create_schema(
        tx,
        singular=data.singular,
        plural=data.plural,
        slug=data.slug,
        description=data.description,
        icon=data.icon,
        fields=[item.definition() for item in data.fields],
        relationships=[item.definition() for item in data.relationships],
    )


@get(SCHEMAS + "/{schema_id:int}")
async def read_schema(schema_id: int, read: ReadTx) -> Schema:
    return await get_schema(read, schema_id, is_counted=True)


@patch(SCHEMAS + "/{schema_id:int}")
async def change_schema(schema_id: int, data: SchemaPatch, tx: Tx) -> Schema:
    return await update_schema(tx, schema_id, data.changes())


@delete(SCHEMAS + "/{schema_id:int}")
async def drop_schema(schema_id: int, tx: Tx) -> None:
    await delete_schema(tx, schema_id)


@delete(SCHEMAS + "/{schema_id:int}/fields/{name:str}", status_code=200)
async def drop_field(schema_id: int, name: str, tx: Tx) -> Schema:
    return await delete_field(tx, schema_id, name)


@delete(SCHEMAS + "/{schema_id:int}/relationships/{name:str}", status_code=200)
async def drop_relationship(schema_id: int, name: str, tx: Tx) -> Schema:
    return await delete_relationship(tx, schema_id, name)


@get(SCHEMAS + "/{schema_id:int}/records")
async def read_records(
    schema_id: int,
    read: ReadTx,
    search: str = "",
    contact_id: int | None = None,
    company_id: int | None = None,
    deal_id: int | None = None,
    limit: Limit = 100,
    after: str | None = None,
) -> RecordList:
    await get_schema(read, schema_id)
    asked: dict[Namespace, int | None] = {"contact": contact_id, "company": company_id, "deal": deal_id}
    belongs: dict[Namespace, int] = {name: number for name, number in asked.items() if number is not None}
    page = await list_records(read, schema_id, search=search, belongs=belongs, limit=limit, after=after)
    return RecordList(items=list(page.items), next=page.next, total=page.total)


@post(SCHEMAS + "/{schema_id:int}/records")
async def add_record(schema_id: int, data: RecordBody, tx: Tx) -> Record:
    return await upsert_record(tx, schema_id, data.given())


@post(SCHEMAS + "/{schema_id:int}/records/batch", status_code=200)
async def add_records(schema_id: int, data: RecordsBody, tx: Tx) -> WrittenList:
    found = await upsert_records(tx, schema_id, [record.given() for record in data.records])
    created = sum(one.is_new for one in found)
    return WrittenList(items=found, created=created, updated=len(found) - created)


@post(SCHEMAS + "/{schema_id:int}/records/delete", status_code=200)
async def drop_records(schema_id: int, data: RecordIds, tx: Tx) -> Changed:
    return Changed(changed=await delete_records(tx, schema_id, data.record_ids))


@get(RECORDS + "/{record_id:int}")
async def read_record(record_id: int, read: ReadTx) -> Record:
    return await get_record(read, record_id)


@patch(RECORDS + "/{record_id:int}")
async def change_record(record_id: int, data: RecordPatch, tx: Tx) -> Record:
    record = await get_record(tx, record_id)
    given = RecordInput(record_id, data.external_id, data.fields, data.related, data.linked, data.unlinked)
    return await upsert_record(tx, record.schema_id, given)


@delete(RECORDS + "/{record_id:int}")
async def drop_record(record_id: int, tx: Tx) -> None:
    record = await get_record(tx, record_id)
    await delete_records(tx, record.schema_id, [record_id])


@get(RECORDS + "/{record_id:int}/related")
async def read_related(record_id: int, read: ReadTx) -> RelatedList:
    await get_record(read, record_id)
    return RelatedList(items=await list_related(read, record_id))


@get("/api/v1/contacts/{contact_id:int}/records")
async def read_records_of_contact(contact_id: int, read: ReadTx) -> GroupList:
    await get_contact(read, contact_id)
    return GroupList(items=await list_groups_of(read, "contact", contact_id))


@get("/api/v1/companies/{company_id:int}/records")
async def read_records_of_company(company_id: int, read: ReadTx) -> GroupList:
    await get_company(read, company_id)
    return GroupList(items=await list_groups_of(read, "company", company_id))


@get("/api/v1/deals/{deal_id:int}/records")
async def read_records_of_deal(deal_id: int, read: ReadTx) -> GroupList:
    await get_deal(read, deal_id)
    return GroupList(items=await list_groups_of(read, "deal", deal_id))


ROUTES = (
    read_schemas, add_schema, read_schema, change_schema, drop_schema, drop_field, drop_relationship,
    read_records, add_record, add_records, drop_records, read_record, change_record, drop_record, read_related,
    read_records_of_contact, read_records_of_company, read_records_of_deal,
)  # fmt: skip
