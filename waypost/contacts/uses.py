"""Which lists name a message: the one that asks to confirm a subscription."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.kernel.registry import Usage
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx


async def find_uses(tx: ReadTx, noun: str, object_id: int) -> Sequence[Usage]:
    """Never live: without its own message a list sends the standard one."""
    if noun != "message":
        return []
    return await tx.all(
        sql(
            """
            select 'list' as kind, l.id, l.name, false as is_live from contacts.list as l
            where l.workspace_id = {workspace} and l.confirmation_message_id = {message_id} order by l.id
            """,
            message_id=object_id,
        ),
        Usage,
    )


NAMES = {
    "tag": sql("select id, name as name from contacts.tag where workspace_id = {workspace}"),
    "list": sql("select id, name as name from contacts.list where workspace_id = {workspace}"),
    "field": sql("select id, name as name from contacts.field where workspace_id = {workspace}"),
    "company": sql("select id, name as name from contacts.company where workspace_id = {workspace}"),
    "company_field": sql("select id, name as name from contacts.company_field where workspace_id = {workspace}"),
}
"""What people call the rows that other documents name, by noun."""
