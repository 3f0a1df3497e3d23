"""The trash, erasing and exporting a person, duplicates and merging."""

from __future__ import annotations

import msgspec
from litestar import Response, get, post, put
from litestar.response import File as Download

from waypost.contacts.actions.trash import erase_soon, restore_contacts
from waypost.contacts.automerging import MergeRules, get_rules, meant, set_rules
from waypost.contacts.duplicates import Scan, begin_scan, choose_fields, dismiss_pair, get_scan
from waypost.contacts.erasing import erase_contacts
from waypost.contacts.errors import ContactNotFound, ExportNotFound, PairNotFound
from waypost.contacts.jobs import ExportPerson, FindDuplicates, PurgeTrash
from waypost.contacts.merge_history import list_merges, undo_merge
from waypost.contacts.merging import merge_contacts
from waypost.contacts.person_exports import begin_export, get_export, list_exports
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.profiles import encode_profile
from waypost.contacts.queries.trash import list_pairs, list_trash
from waypost.contacts.routes.answers import Limit, as_json
from waypost.contacts.routes.files import SAFE
from waypost.contacts.schemas import privacy as bodies
from waypost.kernel.files import Files
from waypost.kernel.http.auth import Role, at_least
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx


@get("/api/v1/trash")
async def read_trash(read: ReadTx, search: str = "", limit: Limit = 100, after: str | None = None) -> bodies.TrashList:
    page = await list_trash(read, search=search.strip(), limit=limit, after=after)
    return bodies.TrashList(items=list(page.items), next=page.next, total=page.total)


@post("/api/v1/trash/restore", status_code=200)
async def restore_trash(data: bodies.ContactsBody, tx: Tx) -> bodies.RestoredOut:
    who = sql("select unnest({ids}::bigint[]) as contact_id", ids=data.contact_ids)
    done = await restore_contacts(tx, who)
    conflicts = [bodies.Conflict(contact_id=number, code=e.code, detail=e.detail) for number, e in done.conflicts]
    return bodies.RestoredOut(restored=list(done.contact_ids), conflicts=conflicts)


@post("/api/v1/trash/erase", status_code=202, guards=[at_least(Role.ADMIN)])
async def erase_trash(data: bodies.TrashBody, tx: Tx) -> bodies.ErasedOut:
    count = await erase_soon(tx, None if data.all else data.contact_ids or [])
    await tx.enqueue(PurgeTrash())
    return bodies.ErasedOut(erased=count)


@post("/api/v1/contacts/{contact_id:int}/erase", status_code=200, guards=[at_least(Role.ADMIN)])
async def erase_contact(contact_id: int, tx: Tx) -> bodies.ErasedOut:
    count = await erase_contacts(tx, [contact_id])
    if not count:
        raise ContactNotFound(contact_id=contact_id)
    return bodies.ErasedOut(erased=count)


@get("/api/v1/contacts/{contact_id:int}/exports")
async def read_exports(contact_id: int, read: ReadTx) -> bodies.ExportList:
    contact = await get_contact(read, contact_id)
    return bodies.ExportList(items=[bodies.shown_export(item) for item in await list_exports(read, contact.id)])


@post("/api/v1/contacts/{contact_id:int}/exports", status_code=202, guards=[at_least(Role.ADMIN)])
async def export_contact(contact_id: int, tx: Tx, files: Files) -> bodies.ExportOut:
    export = await begin_export(tx, contact_id, file=files.new_name())
    await tx.enqueue(ExportPerson(export_id=export.id))
    return bodies.shown_export(export)


@get("/api/v1/contacts/{contact_id:int}/exports/{export_id:int}/file", guards=[at_least(Role.ADMIN)])
async def download_export(contact_id: int, export_id: int, read: ReadTx, files: Files) -> Download:
    found = await get_export(read, contact_id, export_id)
    path = files.path(found.file)
    if found.state != 1 or not path.is_file():
        raise ExportNotFound(export_id=export_id)
    kind = "application/octet-stream"
    return Download(path, filename=found.filename, media_type=kind, content_disposition_type="attachment", headers=SAFE)


@post("/api/v1/contacts/{contact_id:int}/merge", status_code=200)
async def merge_into_contact(contact_id: int, data: bodies.MergeBody, tx: Tx) -> Response[bytes]:
    await merge_contacts(tx, contact_id, data.contact_ids, choices=data.values)
    return as_json(await encode_profile(tx, contact_id))


@get("/api/v1/duplicates")
async def read_duplicates(
    read: ReadTx, contact_id: int | None = None, limit: Limit = 50, after: str | None = None
) -> bodies.PairList:
    page = await list_pairs(read, contact_id=contact_id, limit=limit, after=after)
    return bodies.PairList(items=[bodies.shown_pair(item) for item in page.items], next=page.next, total=page.total)


@post("/api/v1/duplicates/dismiss", status_code=200)
async def dismiss_duplicate(data: bodies.DismissBody, tx: Tx) -> None:
    if not await dismiss_pair(tx, data.contact_id, data.other_id, is_dismissed=data.is_dismissed):
        raise PairNotFound(contact_id=data.contact_id, other_id=data.other_id)


@get("/api/v1/duplicates/rules")
async def read_merge_rules(read: ReadTx) -> MergeRules:
    return await get_rules(read)


@put("/api/v1/duplicates/rules", guards=[at_least(Role.ADMIN)])
async def write_merge_rules(data: bodies.RulesBody, tx: Tx) -> MergeRules:
    rules = await set_rules(tx, MergeRules(data.merges_same_mailbox, data.merges_same_phone))
    await tx.enqueue(FindDuplicates())
    return rules


@get("/api/v1/duplicates/rules/preview")
async def preview_merge_rules(
    read: ReadTx, merges_same_mailbox: bool = False, merges_same_phone: bool = False, limit: Limit = 50
) -> bodies.PairList:
    page = await list_pairs(read, meant=meant(MergeRules(merges_same_mailbox, merges_same_phone)), limit=limit)
    return bodies.PairList(items=[bodies.shown_pair(item) for item in page.items], next=page.next, total=page.total)


@get("/api/v1/merges")
async def read_merges(read: ReadTx, limit: Limit = 50, after: str | None = None) -> bodies.MergeList:
    page = await list_merges(read, limit=limit, after=after)
    return bodies.MergeList(items=[bodies.shown_merge(item) for item in page.items], next=page.next)


@post("/api/v1/merges/{merge_id:int}/undo", status_code=200)
async def undo_one_merge(merge_id: int, tx: Tx) -> Response[bytes]:
    return as_json(await encode_profile(tx, await undo_merge(tx, merge_id)))


@get("/api/v1/duplicates/scan")
async def read_scan(read: ReadTx) -> Scan:
    return await get_scan(read)


@post("/api/v1/duplicates/scan", status_code=202)
async def scan_duplicates(data: bodies.ScanBody, tx: Tx) -> Scan:
    await begin_scan(tx) if data.field_ids is msgspec.UNSET else await choose_fields(tx, data.field_ids)
    await tx.enqueue(FindDuplicates())
    return await get_scan(tx)


ROUTES = (
    read_trash,
    restore_trash,
    erase_trash,
    erase_contact,
    read_exports,
    export_contact,
    download_export,
    merge_into_contact,
    read_duplicates,
    dismiss_duplicate,
    read_merge_rules,
    write_merge_rules,
    preview_merge_rules,
    read_merges,
    undo_one_merge,
    read_scan,
    scan_duplicates,
)
