"""Writing messages. Every change counts the revision up; addresses keep their numbers for ever."""

from __future__ import annotations

from typing import Any

from waypost.kernel.errors import Invalid, Problem
from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_live
from waypost.media.actions import hold_images
from waypost.messages.brand import branded, find_brand
from waypost.messages.document import BlocksDocument, ConditionalBlock, parse_document, walk
from waypost.messages.errors import MessageChanged, MessageNotFound
from waypost.messages.numbering import Numbered, number_links
from waypost.messages.queries import get_message
from waypost.messages.render import render
from waypost.messages.snippets import fill_snippets
from waypost.messages.types import Message
from waypost.segments.tree import check_condition

EMPTY = {"version": 1, "kind": "email", "settings": {}, "blocks": []}


async def create_message(
    tx: Tx,
    *,
    name: str,
    subject: str = "",
    preheader: str = "",
    from_name: str = "",
    from_email: str = "",
    reply_to: str = "",
    document: dict[str, Any] | None = None,
) -> Message:
    chosen = await fill_snippets(tx, document or branded(EMPTY, await find_brand(tx)))
    check_document(tx, chosen)
    await hold_images(tx, chosen)
    message_id = await tx.value(
        sql(
            """
            insert into messages.message
                (workspace_id, name, subject, preheader, from_name, from_email, reply_to, document,
                 created_at, updated_at)
            values ({workspace}, {name}, {subject}, {preheader}, {from_name}, {from_email}, {reply_to}, {document},
                    {now}, {now})
            returning id
            """,
            name=name.strip(),
            subject=subject,
            preheader=preheader,
            from_name=from_name,
            from_email=from_email,
            reply_to=reply_to,
            document=chosen,
        )
    )
    await number_links(tx, [Numbered(message_id, chosen, preheader)])
    return await get_message(tx, message_id)


async def update_message(tx: Tx, message_id: int, *, revision: int | None = None, **changes: Any) -> Message:
    """Change what is given; with `revision`, only when nobody else has changed it since."""
    document = changes.get("document")
    if document is not None:
        document = await fill_snippets(tx, document)
        check_document(tx, document)
        await hold_images(tx, document)
    updated = await tx.maybe(
        sql(
            """
            update messages.message set
                name = coalesce({name}::text, name), subject = coalesce({subject}::text, subject),
                preheader = coalesce({preheader}::text, preheader),
                from_name = coalesce({from_name}::text, from_name),
                from_email = coalesce({from_email}::text, from_email),
                reply_to = coalesce({reply_to}::text, reply_to),
                document = coalesce({document}::jsonb, document),
                revision = revision + 1, updated_at = {now}
            where workspace_id = {workspace} and id = {message_id}
              and ({revision}::bigint is null or revision = {revision}::bigint)
            returning document, preheader
            """,
            message_id=message_id,
            revision=revision,
            **{
                key: changes.get(key) for key in ("name", "subject", "preheader", "from_name", "from_email", "reply_to")
            },
            document=document,
        )
    )
    if updated is None:
        raise MessageChanged(revision=(await get_message(tx, message_id)).revision)
    await number_links(tx, [Numbered(message_id, updated["document"], updated["preheader"])])
    return await get_message(tx, message_id)


async def duplicate_message(tx: Tx, message_id: int) -> Message:
    original = await get_message(tx, message_id)
    return await create_message(
        tx,
        name=f"{original.name} (copy)",
        subject=original.subject,
        preheader=original.preheader,
        from_name=original.from_name,
        from_email=original.from_email,
        reply_to=original.reply_to,
        document=original.document,
    )


async def delete_message(tx: Tx, message_id: int) -> None:
    """Delete it, unless something that runs sends it. The lock keeps others from starting to."""
    locked = await tx.value(
        sql(
            "select id from messages.message where workspace_id = {workspace} and id = {message_id} for update",
            message_id=message_id,
        )
    )
    if locked is None:
        raise MessageNotFound(message_id=message_id)
    await refuse_while_live(tx, "message", message_id)
    await tx.run(
        sql(
            "delete from messages.message where workspace_id = {workspace} and id = {message_id}", message_id=message_id
        )
    )


def check_document(tx: Tx, value: dict[str, Any]) -> None:
    """The document, its rendering and its conditions, before anything is stored."""
    document = parse_document(value)
    if isinstance(document, BlocksDocument):
        problems: list[Problem] = []
        for block, path, _ in walk(document.blocks, "/document/blocks"):
            if isinstance(block, ConditionalBlock):
                for place, condition in block.conditions():
                    problems += check_condition(tx.registry, condition, pointer=path + place)[1]
        if problems:
            raise Invalid(problems)
    render(document)
