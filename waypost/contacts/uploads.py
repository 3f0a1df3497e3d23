"""Takes a file in: the blob is noted, then written, then given to the contact, each committed by itself.

A crash in between leaves a noted blob without a file, which the nightly sweep removes.
"""

from __future__ import annotations

from collections.abc import AsyncIterable

from waypost.contacts.actions.files import add_file, announce_blob
from waypost.contacts.queries.contacts import get_contact
from waypost.contacts.types import File
from waypost.kernel.errors import Failure
from waypost.kernel.work import Work

MAX_FILE_BYTES = 25_000_000


async def store_file(work: Work, contact_id: int, *, name: str, mime: str, chunks: AsyncIterable[bytes]) -> File:
    async with work.read() as read:
        await get_contact(read, contact_id)
    blob = work.files.new_name()
    async with work.transaction() as tx:
        await announce_blob(tx, blob)
    size = await work.files.write(blob, chunks, limit_bytes=MAX_FILE_BYTES)
    try:
        async with work.transaction() as tx:
            return await add_file(tx, contact_id, name=name, mime=mime, size_bytes=size, blob=blob)
    except Failure:
        work.files.delete(blob)
        raise
