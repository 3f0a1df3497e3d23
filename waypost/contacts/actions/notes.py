"""Notes on contacts and companies: plain text, which shows as it was written and never as markup."""

from __future__ import annotations

import re
from collections.abc import Sequence

from waypost.activities.entries import insert_facts
from waypost.contacts.errors import ContactNotFound, NoteInvalid, NoteNotFound
from waypost.contacts.facts import NoteAdded
from waypost.contacts.queries.companies import get_company
from waypost.contacts.queries.notes import COLUMNS, get_note
from waypost.contacts.types import Note
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx

MAX_TEXT = 20_000

_UNSEEN = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]")
"""Control characters, and those that turn the direction of what follows."""


def clean_note(text: str) -> str:
    """The text as kept: line ends made one kind, what cannot be seen taken out."""
    cleaned = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if not cleaned or len(cleaned) > MAX_TEXT:
        raise NoteInvalid(limit=MAX_TEXT, pointer="/body")
    return cleaned


async def add_note(tx: Tx, contact_id: int, body: str) -> Note:
    """A note on a contact, by whoever acts."""
    made = await add_notes(tx, [contact_id], body)
    if not made:
        raise ContactNotFound(contact_id=contact_id)
    return made[0]


async def add_notes(tx: Tx, contact_ids: Sequence[int], body: str) -> list[Note]:
    """The same note on every living one of these contacts.

    The log does not repeat the text, so that a note that is deleted is gone.
    """
    made = await tx.all(
        sql(
            """
            with n as (
                insert into contacts.note (workspace_id, contact_id, body, author_id, created_at, updated_at)
                select {workspace}, c.id, {body}, {author_id}::bigint, {now}, {now} from contacts.contact c
                where c.workspace_id = {workspace} and c.id = any({ids}::bigint[]) and c.deleted_at is null
                order by c.id
                returning *
            ),
            logged as ({log})
            select {columns} from n
            """,
            ids=list(contact_ids),
            body=clean_note(body),
            author_id=_author(tx),
            columns=COLUMNS,
            log=insert_facts(
                tx,
                sql(
                    """
                    select contact_id, {kind} as kind, id as object_id, null::jsonb as data from n
                    """,
                    kind=NoteAdded.kind,
                ),
            ),
        ),
        Note,
    )
    if made:
        tx.wake("facts")
    return made


async def add_company_note(tx: Tx, company_id: int, body: str) -> Note:
    """A note on a company; it is no news of any contact's."""
    await get_company(tx, company_id)
    return await tx.one(
        sql(
            """
            insert into contacts.note as n (workspace_id, company_id, body, author_id, created_at, updated_at)
            values ({workspace}, {company_id}, {body}, {author_id}::bigint, {now}, {now}) returning {columns}
            """,
            company_id=company_id,
            body=clean_note(body),
            author_id=_author(tx),
            columns=COLUMNS,
        ),
        Note,
    )


def _author(tx: Tx) -> int | None:
    return tx.actor.id if tx.actor.kind in ("user", "api") else None


async def update_note(tx: Tx, note_id: int, body: str) -> Note:
    await get_note(tx, note_id)
    return await tx.one(
        sql(
            """
            update contacts.note n set body = {body}, updated_at = {now}
            where n.workspace_id = {workspace} and n.id = {id} returning {columns}
            """,
            id=note_id,
            body=clean_note(body),
            columns=COLUMNS,
        ),
        Note,
    )


async def delete_note(tx: Tx, note_id: int) -> None:
    """Take the note away; it can be brought back for a while."""
    await get_note(tx, note_id)
    await tx.run(
        sql(
            "update contacts.note set deleted_at = {now} where workspace_id = {workspace} and id = {id}",
            id=note_id,
        )
    )


async def restore_note(tx: Tx, note_id: int) -> Note:
    restored = await tx.run(
        sql("update contacts.note set deleted_at = null where workspace_id = {workspace} and id = {id}", id=note_id)
    )
    if not restored:
        raise NoteNotFound(note_id=note_id)
    return await get_note(tx, note_id)
