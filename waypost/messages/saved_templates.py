"""Messages kept as templates for new ones, beside the ready templates."""

from __future__ import annotations

from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.messages.errors import TemplateNotFound
from waypost.messages.queries import get_message
from waypost.messages.snippets import frozen
from waypost.messages.types import SavedTemplate

MOST_TEMPLATES = 500
_COLUMNS = sql("id, name, subject, preheader, document, created_at")


async def list_saved_templates(tx: ReadTx) -> list[SavedTemplate]:
    """The newest first; there are few enough to be shown at once."""
    return await tx.all(
        sql(
            "select {columns} from messages.template where workspace_id = {workspace} order by id desc limit {limit}",
            columns=_COLUMNS,
            limit=MOST_TEMPLATES,
        ),
        SavedTemplate,
    )


async def get_saved_template(tx: ReadTx, template_id: int) -> SavedTemplate:
    found = await tx.maybe(
        sql(
            "select {columns} from messages.template where workspace_id = {workspace} and id = {id}",
            columns=_COLUMNS,
            id=template_id,
        ),
        SavedTemplate,
    )
    if found is None:
        raise TemplateNotFound(template_id=template_id)
    return found


async def save_template(tx: Tx, message_id: int, *, name: str = "") -> SavedTemplate:
    """What the message is now; snippets become plain blocks, since a template must not change by itself."""
    message = await get_message(tx, message_id)
    made = await tx.value(
        sql(
            """
            insert into messages.template (workspace_id, name, subject, preheader, document, user_id, created_at)
            values ({workspace}, {name}, {subject}, {preheader}, {document}::jsonb, {user_id}::bigint, {now})
            returning id
            """,
            name=name.strip() or message.name,
            subject=message.subject,
            preheader=message.preheader,
            document=frozen(message.document),
            user_id=tx.actor.id if tx.actor.kind in ("user", "api") else None,
        )
    )
    return await get_saved_template(tx, made)


async def delete_template(tx: Tx, template_id: int) -> None:
    await get_saved_template(tx, template_id)
    await tx.run(sql("delete from messages.template where workspace_id = {workspace} and id = {id}", id=template_id))
