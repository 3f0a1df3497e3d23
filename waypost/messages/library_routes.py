"""HTTP for versions, saved rows and snippets, and the brand kit."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from litestar import delete, get, post, put

from waypost.kernel.model import Model, Out
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.brand import BrandKit, find_brand, set_brand
from waypost.messages.library import SavedRow, delete_saved_row, list_saved_rows, save_row, update_saved_row
from waypost.messages.types import Message
from waypost.messages.versions import Version, VersionSummary, get_version, keep_version, list_versions, restore_version

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200, pattern=r"\S")]
Blocks = Annotated[list[dict[str, Any]], msgspec.Meta(max_length=100)]


class SavedRowBody(Model):
    name: Name
    blocks: Blocks
    is_synced: bool = False


class SavedRowChange(Model):
    name: Name | None = None
    blocks: Blocks | None = None


class VersionList(Out):
    items: list[VersionSummary]
    next: str | None = None
    total: int | None = None


class SavedRowList(Out):
    items: list[SavedRow]
    next: str | None = None
    total: int | None = None


@get("/api/v1/messages/{message_id:int}/versions")
async def read_versions(message_id: int, read: ReadTx) -> VersionList:
    return VersionList(items=await list_versions(read, message_id))


@post("/api/v1/messages/{message_id:int}/versions")
async def add_version(message_id: int, tx: Tx) -> VersionList:
    """Keep the message as it is now."""
    await keep_version(tx, message_id, "save")
    return VersionList(items=await list_versions(tx, message_id))


@get("/api/v1/messages/{message_id:int}/versions/{revision:int}")
async def read_version(message_id: int, revision: int, read: ReadTx) -> Version:
    return await get_version(read, message_id, revision)


@post("/api/v1/messages/{message_id:int}/versions/{revision:int}/restore", status_code=200)
async def bring_version_back(message_id: int, revision: int, tx: Tx) -> Message:
    return await restore_version(tx, message_id, revision)


@get("/api/v1/saved-rows")
async def read_saved_rows(read: ReadTx) -> SavedRowList:
    return SavedRowList(items=await list_saved_rows(read))


@post("/api/v1/saved-rows")
async def add_saved_row(data: SavedRowBody, tx: Tx) -> SavedRow:
    return await save_row(tx, name=data.name, blocks=data.blocks, is_synced=data.is_synced)


@put("/api/v1/saved-rows/{row_id:int}")
async def change_saved_row(row_id: int, data: SavedRowChange, tx: Tx) -> SavedRow:
    """Of a snippet, other blocks change every message that holds it."""
    return await update_saved_row(tx, row_id, name=data.name, blocks=data.blocks)


@delete("/api/v1/saved-rows/{row_id:int}")
async def drop_saved_row(row_id: int, tx: Tx) -> None:
    await delete_saved_row(tx, row_id)


@get("/api/v1/brand")
async def read_brand(read: ReadTx) -> BrandKit:
    return await find_brand(read) or BrandKit()


@put("/api/v1/brand")
async def change_brand(data: BrandKit, tx: Tx) -> BrandKit:
    return await set_brand(tx, data)


LIBRARY_ROUTES = (
    read_versions,
    add_version,
    read_version,
    bring_version_back,
    read_saved_rows,
    add_saved_row,
    change_saved_row,
    drop_saved_row,
    read_brand,
    change_brand,
)
