"""Everything known of one person, from every table of every domain, as one file to hand out.

waiting --job--> ready --after a week--> removed
"""

from __future__ import annotations

import asyncio
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from waypost.contacts.errors import ContactNotFound, ExportNotFound
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.queries.fields import list_fields
from waypost.kernel.files import Files
from waypost.kernel.sql import Sql, sql
from waypost.kernel.tx import ReadTx, Tx

KEPT = timedelta(days=7)
COLUMNS = sql("id, contact_id, state, file, filename, size_bytes, created_at, finished_at, expires_at")


@dataclass(frozen=True, slots=True)
class PersonExport:
    """state: 0 waiting, 1 ready, 2 failed."""

    id: int
    contact_id: int
    state: int
    file: str
    filename: str
    size_bytes: int
    created_at: datetime
    finished_at: datetime | None
    expires_at: datetime


async def begin_export(tx: Tx, contact_id: int, *, file: str) -> PersonExport:
    """A new export that waits for its job; `file` is the name its blob will have."""
    await get_contact(tx, contact_id)
    return await tx.one(
        sql(
            """
            insert into contacts.person_export (workspace_id, contact_id, state, file, created_at, expires_at)
            values ({workspace}, {contact_id}, 0, {file}, {now}, {expires}) returning {columns}
            """,
            contact_id=contact_id,
            file=file,
            expires=tx.now + KEPT,
            columns=COLUMNS,
        ),
        PersonExport,
    )


async def list_exports(tx: ReadTx, contact_id: int) -> list[PersonExport]:
    """The newest first."""
    return await tx.all(
        sql(
            """
            select {columns} from contacts.person_export
            where workspace_id = {workspace} and contact_id = {contact_id} and expires_at > {now}
            order by id desc limit 20
            """,
            columns=COLUMNS,
            contact_id=contact_id,
        ),
        PersonExport,
    )


async def get_export(tx: ReadTx, contact_id: int, export_id: int) -> PersonExport:
    found = await tx.maybe(
        sql(
            """
            select {columns} from contacts.person_export where workspace_id = {workspace} and id = {id}
              and contact_id = {contact_id} and expires_at > {now}
            """,
            columns=COLUMNS,
            id=export_id,
            contact_id=contact_id,
        ),
        PersonExport,
    )
    if found is None:
        raise ExportNotFound(export_id=export_id)
    return found


async def find_waiting(tx: ReadTx, export_id: int) -> PersonExport | None:
    return await tx.maybe(
        sql(
            """
            select {columns} from contacts.person_export
            where workspace_id = {workspace} and id = {id} and state = 0
            """,
            columns=COLUMNS,
            id=export_id,
        ),
        PersonExport,
    )


async def collect(tx: ReadTx, contact_id: int) -> dict[str, Any]:
    """What every table says of the contact, facts and fields under their names."""
    contact = await get_contact(tx, contact_id)
    names = {str(field.id): field.name for field in await list_fields(tx)}
    tables: dict[str, list[Any]] = {}
    for item in tx.registry.personal:
        if item.is_derived or item.table == "contacts.person_export":
            continue
        # lint: no-row-loops because a turn is a table
        rows = await tx.all(
            sql(
                """
                select {shown} as row from {table} t
                where t.workspace_id = {workspace} and t.{column} = {id}
                """,
                shown=item.shown or sql("to_jsonb(t) - 'workspace_id'"),
                table=Sql(item.table),
                column=Sql(item.column),
                id=contact.id,
            )
        )
        if rows:
            tables[item.table] = [row["row"] for row in rows]
    for row in tables.get("activities.fact", []):
        fact = tx.registry.fact_kinds.get(row["kind"])
        row["kind"] = fact.name if fact else row["kind"]
    fields = {names.get(key, key): value for key, value in contact.fields.items()}
    named = await _named(tx, contact.id)
    return {
        "exported_at": tx.now.isoformat(),
        "contact": {
            "id": contact.id,
            "email": contact.email,
            "first_name": contact.first_name,
            "last_name": contact.last_name,
            "phone": contact.phone,
            "fields": fields,
            **named,
        },
        "tables": tables,
    }


async def _named(tx: ReadTx, contact_id: int) -> dict[str, list[str]]:
    row = await tx.one(
        sql(
            """
            select array(select t.name from contacts.tag t join contacts.contact_tag l
                           on l.workspace_id = t.workspace_id and l.tag_id = t.id
                         where t.workspace_id = {workspace} and l.contact_id = {id} order by t.name) as tags,
                   array(select l.name from contacts.list l join contacts.subscription s
                           on s.workspace_id = l.workspace_id and s.list_id = l.id
                         where l.workspace_id = {workspace} and s.contact_id = {id} order by l.name) as lists
            """,
            id=contact_id,
        )
    )
    return {"tags": row["tags"], "lists": row["lists"]}


async def write_export(files: Files, name: str, data: dict[str, Any]) -> tuple[str, int]:
    """The blob and what it is called: plain JSON, or a ZIP with the contact's files beside it."""
    attached = [(row["name"], files.path(row["blob"])) for row in data["tables"].get("contacts.file", [])]
    body = orjson.dumps(data, option=orjson.OPT_INDENT_2)
    path = files.path(name)
    await asyncio.to_thread(_write, path, body, [(n, p) for n, p in attached if p.is_file()])
    ending = "zip" if attached else "json"
    return f"contact-{data['contact']['id']}.{ending}", path.stat().st_size


def _write(path: Path, body: bytes, attached: Sequence[tuple[str, Path]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if not attached:
        path.write_bytes(body)
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data.json", body)
        for number, (name, source) in enumerate(attached, 1):
            archive.write(source, f"files/{number}-{name}")


async def end_export(tx: Tx, export_id: int, *, filename: str, size_bytes: int) -> None:
    """Ready; an empty file name says that the contact is gone."""
    await tx.run(
        sql(
            """
            update contacts.person_export
            set state = {state}, filename = {filename}, size_bytes = {size}, finished_at = {now}
            where workspace_id = {workspace} and id = {id} and state = 0
            """,
            id=export_id,
            state=1 if filename else 2,
            filename=filename,
            size=size_bytes,
        )
    )


async def remove_expired(tx: Tx) -> None:
    """Their files are noted as blobs that nothing has, which the nightly sweep removes."""
    await tx.run(
        sql(
            """
            with gone as (
                delete from contacts.person_export where workspace_id = {workspace} and expires_at <= {now}
                returning file, created_at
            )
            insert into contacts.blob (workspace_id, name, created_at)
            select {workspace}, file, created_at from gone order by file on conflict do nothing
            """
        )
    )


async def collect_if_there(tx: ReadTx, contact_id: int) -> dict[str, Any] | None:
    """None when the contact was deleted before the job came to it."""
    try:
        return await collect(tx, contact_id)
    except ContactNotFound:
        return None
