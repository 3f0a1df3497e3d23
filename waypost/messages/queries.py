"""Reading messages, the columns they can use, and the rows their recipients give."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waypost.contacts.types import CONTACT_AT_HAND
from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, Sql, join, sql
from waypost.kernel.tx import ReadTx
from waypost.messages.errors import MessageNotFound
from waypost.messages.template import ITEMS, MULTIPLE
from waypost.messages.types import Column, Link, Message
from waypost.segments.queries import build_predicate

_COLUMNS = sql(
    "id, name, subject, preheader, from_name, from_email, reply_to, document, revision, created_at, updated_at"
)
LIST_ITEMS = sql(
    """
    (select string_agg(l.name, chr(31) order by l.id) from contacts.subscription s
     join contacts.list l on l.workspace_id = s.workspace_id and l.id = s.list_id
     where s.workspace_id = contact.workspace_id and s.contact_id = contact.id and s.status = 1)
    """
)
"""The names of the lists the contact is on, each for itself."""
TAGS = Column("tags", "TAGS")


async def find_message(tx: ReadTx, message_id: int) -> Message | None:
    return await tx.maybe(
        sql(
            "select {columns} from messages.message where workspace_id = {workspace} and id = {message_id}",
            columns=_COLUMNS,
            message_id=message_id,
        ),
        Message,
    )


async def get_message(tx: ReadTx, message_id: int) -> Message:
    found = await find_message(tx, message_id)
    if found is None:
        raise MessageNotFound(message_id=message_id)
    return found


async def find_messages(tx: ReadTx, message_ids: Sequence[int]) -> dict[int, Message]:
    """Those of these that there are, by id."""
    if not message_ids:
        return {}
    rows = await tx.all(
        sql(
            "select {columns} from messages.message where workspace_id = {workspace} and id = any({ids}::bigint[])",
            columns=_COLUMNS,
            ids=list(message_ids),
        ),
        Message,
    )
    return {row.id: row for row in rows}


async def list_messages(tx: ReadTx, *, search: str = "", limit: int = 50, after: str | None = None) -> Page[Message]:
    """The workspace's messages, the last changed first."""
    before = TRUE
    if after is not None:
        (last_id,) = decode_cursor(after, int)
        before = sql("id < {last_id}", last_id=last_id)
    rows = await tx.all(
        sql(
            """
            select {columns} from messages.message
            where workspace_id = {workspace} and {before}
              and ({search} = '' or strpos(lower(name), lower({search})) > 0)
            order by id desc limit {limit}
            """,
            columns=_COLUMNS,
            before=before,
            search=search,
            limit=limit + 1,
        ),
        Message,
    )
    return page_of(rows, limit, lambda row: row.id)


async def list_links(tx: ReadTx, message_id: int) -> list[Link]:
    return await tx.all(
        sql(
            """
            select number, url from messages.link
            where workspace_id = {workspace} and message_id = {message_id} order by number
            """,
            message_id=message_id,
        ),
        Link,
    )


async def list_columns(tx: ReadTx) -> list[Column]:
    """Everything a message can ask for: registered fields, tags, the workspace's custom fields and its variables."""
    fields = await tx.all(sql("select id, key, type from contacts.field where workspace_id = {workspace} order by id"))
    fixed = [Column(field.name, field.tag) for field in tx.registry.merge_fields.values()]
    custom = [Column(f"field_{row['id']}", row["key"], row["id"], row["type"]) for row in fields]
    variables = await tx.all(
        sql("select id, tag, content, format from messages.variable where workspace_id = {workspace} order by id")
    )
    said = [
        Column(f"variable_{row['id']}", row["tag"], text=row["content"], is_html=row["format"] == "html")
        for row in variables
    ]
    return [*fixed, TAGS, *custom, *said]


def _column_sql(tx: ReadTx, column: Column, *, is_array: bool = False) -> Sql:
    """Text of a column for the contact aliased `contact`."""
    if column.field_id is not None:
        key = str(column.field_id)
        if column.field_type in MULTIPLE:
            return sql(
                """
                (select string_agg(item, {between}) from jsonb_array_elements_text(
                    case jsonb_typeof(contact.fields -> {key}) when 'array' then contact.fields -> {key} else '[]' end
                ) as item)
                """,
                key=key,
                between="\x1f" if is_array else ", ",
            )
        return sql("(contact.fields ->> {key})", key=key)
    if column.name == TAGS.name:
        return sql(
            """
            (select string_agg(t.name, chr(31)) from contacts.contact_tag ct
             join contacts.tag t on t.workspace_id = ct.workspace_id and t.id = ct.tag_id
             where ct.workspace_id = contact.workspace_id and ct.contact_id = contact.id)
            """
        )
    if is_array:
        return LIST_ITEMS
    return tx.registry.merge_fields[column.name].column


async def recipient_rows(
    tx: ReadTx, columns: Sequence[str], conditions: Sequence[dict[str, Any]], known: Sequence[Column]
) -> Sql:
    """The select list of a recipient's row after its address: columns, then condition answers.

    It stands after `email` in a statement over contacts.contact aliased `contact`.
    """
    by_name = {column.name: column for column in known}
    parts = [_column_sql(tx, by_name[name.removesuffix(ITEMS)], is_array=name.endswith(ITEMS)) for name in columns]
    # lint: no-row-loops because a turn is a condition of a document
    for document in conditions:
        predicate = await build_predicate(tx, document, CONTACT_AT_HAND)
        parts.append(sql("coalesce({predicate}, false)", predicate=predicate))
    return sql(", {parts}", parts=join(", ", parts)) if parts else sql("")


async def get_recipient_row(
    tx: ReadTx, contact_id: int, columns: Sequence[str], conditions: Sequence[dict[str, Any]], known: Sequence[Column]
) -> tuple[Any, ...] | None:
    """One contact's row, for previews and for addresses that hold tags."""
    rest = await recipient_rows(tx, columns, conditions, known)
    row = await tx.maybe(
        sql(
            """
            select coalesce(contact.email, ''){rest} from contacts.contact as contact
            where contact.workspace_id = {workspace} and contact.id = {contact_id}
            """,
            rest=rest,
            contact_id=contact_id,
        )
    )
    return None if row is None else tuple(row)
