"""Files on contacts: their rows, and the note of each blob that says whether its bytes are still wanted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta

from waypost.activities.entries import insert_facts
from waypost.contacts.errors import ContactNotFound, FileEmpty, FileNotFound
from waypost.contacts.facts import FileAdded
from waypost.contacts.queries.files import COLUMNS, get_file
from waypost.contacts.types import File
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

MAX_NAME = 200
KEPT = timedelta(days=30)
"""How long a deleted note or file can be brought back."""

_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069/\\]")
_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,80}").fullmatch


def clean_name(text: str) -> str:
    """A file's name without path and unseen characters; a long one keeps its ending."""
    name = _UNSAFE.sub("_", text.replace("\\", "/").rpartition("/")[2]).strip(" .")
    stem, dot, ending = name.rpartition(".")
    if len(name) > MAX_NAME and dot and len(ending) <= 16:
        name = stem[: MAX_NAME - len(ending) - 1] + dot + ending
    return name[:MAX_NAME] or "file"


def clean_mime(text: str) -> str:
    mime = text.partition(";")[0].strip().lower()
    return mime if _MIME(mime) else "application/octet-stream"


async def announce_blob(tx: Tx, name: str) -> None:
    """Note a blob before its bytes are written."""
    await tx.run(
        sql("insert into contacts.blob (workspace_id, name, created_at) values ({workspace}, {name}, {now})", name=name)
    )


async def add_file(tx: Tx, contact_id: int, *, name: str, mime: str, size_bytes: int, blob: str) -> File:
    """The file of an announced blob that has been written."""
    if size_bytes == 0:
        raise FileEmpty(name=clean_name(name), pointer="/name")
    made = await tx.maybe(
        sql(
            """
            with f as (
                insert into contacts.file
                    (workspace_id, contact_id, name, mime, size_bytes, blob, author_id, created_at)
                select {workspace}, c.id, {name}, {mime}, {size}, {blob}, {author_id}::bigint, {now}
                from contacts.contact c
                where c.workspace_id = {workspace} and c.id = {contact_id} and c.deleted_at is null
                returning *
            ),
            logged as ({log})
            select {columns} from f
            """,
            contact_id=contact_id,
            name=clean_name(name),
            mime=clean_mime(mime),
            size=size_bytes,
            blob=blob,
            author_id=tx.actor.id if tx.actor.kind in ("user", "api") else None,
            columns=COLUMNS,
            log=insert_facts(
                tx,
                sql(
                    "select contact_id, {kind} as kind, id as object_id, null::jsonb as data from f",
                    kind=FileAdded.kind,
                ),
            ),
        ),
        File,
    )
    if made is None:
        raise ContactNotFound(contact_id=contact_id)
    tx.wake("facts")
    return made


async def delete_file(tx: Tx, contact_id: int, file_id: int) -> None:
    """Take the file away; it can be brought back for a while."""
    await get_file(tx, contact_id, file_id)
    await tx.run(
        sql(
            "update contacts.file set deleted_at = {now} where workspace_id = {workspace} and id = {id}",
            id=file_id,
        )
    )


async def restore_file(tx: Tx, contact_id: int, file_id: int) -> File:
    restored = await tx.run(
        sql(
            """
            update contacts.file set deleted_at = null
            where workspace_id = {workspace} and contact_id = {contact_id} and id = {id}
            """,
            contact_id=contact_id,
            id=file_id,
        )
    )
    if not restored:
        raise FileNotFound(file_id=file_id)
    return await get_file(tx, contact_id, file_id)


async def remove_outdated(tx: Tx) -> list[str]:
    """Remove notes and files deleted long ago; returns the blobs that no file has, all older than a day."""
    before = tx.now - KEPT
    await tx.run(
        sql("delete from contacts.note where workspace_id = {workspace} and deleted_at < {before}", before=before)
    )
    await tx.run(
        sql("delete from contacts.file where workspace_id = {workspace} and deleted_at < {before}", before=before)
    )
    rows = await tx.all(
        sql(
            """
            select b.name from contacts.blob b
            where b.workspace_id = {workspace} and b.created_at < {before}
              and not exists (select 1 from contacts.file f where f.workspace_id = {workspace} and f.blob = b.name)
            order by b.name limit 10000
            """,
            before=tx.now - timedelta(days=1),
        )
    )
    return [row["name"] for row in rows]


async def forget_blobs(tx: Tx, names: Sequence[str]) -> int:
    """Drop the notes of blobs whose bytes are gone."""
    return await tx.run(
        sql(
            "delete from contacts.blob where workspace_id = {workspace} and name = any({names}::text[])",
            names=list(names),
        )
    )
