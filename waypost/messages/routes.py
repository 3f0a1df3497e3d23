"""HTTP for messages."""

from __future__ import annotations

from asyncio import to_thread
from typing import Annotated

from litestar import delete, get, post, put
from litestar.params import Parameter

from waypost.kernel.http.revisions import IfMatch, revision_of
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.actions import create_message, delete_message, duplicate_message, update_message
from waypost.messages.brand import branded, find_brand
from waypost.messages.check import check_message
from waypost.messages.html_import import import_html
from waypost.messages.preview import Preview, preview_message
from waypost.messages.queries import get_message, list_messages
from waypost.messages.ready import load_templates
from waypost.messages.saved_templates import delete_template, list_saved_templates, save_template
from waypost.messages.schemas import (
    FindingList,
    ImportBody,
    ImportOut,
    MessageBody,
    MessageChange,
    MessageList,
    MessageSummary,
    PreviewBody,
    SaveTemplateBody,
    TemplateList,
    TemplateOut,
)
from waypost.messages.types import Message


@get("/api/v1/messages")
async def read_messages(
    read: ReadTx,
    search: str = "",
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
    after: str | None = None,
) -> MessageList:
    page = await list_messages(read, search=search, limit=limit, after=after)
    return MessageList(items=[MessageSummary.of(item) for item in page.items], next=page.next)


@post("/api/v1/messages")
async def add_message(data: MessageBody, tx: Tx) -> Message:
    return await create_message(
        tx,
        name=data.name,
        subject=data.subject,
        preheader=data.preheader,
        from_name=data.from_name,
        from_email=data.from_email,
        reply_to=data.reply_to,
        document=data.document,
    )


@get("/api/v1/messages/{message_id:int}")
async def read_message(message_id: int, read: ReadTx) -> Message:
    return await get_message(read, message_id)


@get("/api/v1/messages/{message_id:int}/check")
async def check_one(message_id: int, read: ReadTx) -> FindingList:
    message = await get_message(read, message_id)
    found = await check_message(read, document=message.document, subject=message.subject, preheader=message.preheader)
    return FindingList(items=list(found), total=len(found))


@put("/api/v1/messages/{message_id:int}")
async def change_message(message_id: int, data: MessageChange, tx: Tx, if_match: IfMatch = None) -> Message:
    changes = {name: getattr(data, name) for name in data.__struct_fields__}
    return await update_message(tx, message_id, revision=revision_of(if_match), **changes)


@delete("/api/v1/messages/{message_id:int}")
async def drop_message(message_id: int, tx: Tx) -> None:
    await delete_message(tx, message_id)


@post("/api/v1/messages/{message_id:int}/duplicate")
async def copy_message(message_id: int, tx: Tx) -> Message:
    return await duplicate_message(tx, message_id)


@post("/api/v1/messages/preview", status_code=200)
async def show_preview(data: PreviewBody, read: ReadTx) -> Preview:
    return await preview_message(
        read, document=data.document, subject=data.subject, preheader=data.preheader, contact_id=data.contact_id
    )


@post("/api/v1/messages/import-html", status_code=200)
async def take_html(data: ImportBody, read: ReadTx) -> ImportOut:
    """Make a document of HTML from elsewhere; nothing is stored."""
    del read
    return ImportOut.of(await to_thread(import_html, data.html))


@get("/api/v1/message-templates")
async def read_templates(read: ReadTx) -> TemplateList:
    """Saved ones, then the ready ones in the look of the brand kit."""
    kit = await find_brand(read)
    saved = [TemplateOut.of_saved(item) for item in await list_saved_templates(read)]
    ready = [TemplateOut.of(item, branded(item.document, kit)) for item in load_templates()]
    return TemplateList(items=[*saved, *ready])


@post("/api/v1/message-templates")
async def keep_template(data: SaveTemplateBody, tx: Tx) -> TemplateOut:
    """Keep a message as it is now, to begin others with."""
    return TemplateOut.of_saved(await save_template(tx, data.message_id, name=data.name))


@delete("/api/v1/message-templates/{template_id:int}")
async def drop_template(template_id: int, tx: Tx) -> None:
    """Of those that were saved; the ready ones stay."""
    await delete_template(tx, template_id)


ROUTES = (
    read_messages,
    add_message,
    read_message,
    check_one,
    change_message,
    drop_message,
    copy_message,
    show_preview,
    take_html,
    read_templates,
    keep_template,
    drop_template,
)
