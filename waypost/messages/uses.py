"""Which messages name a row: in a conditional block, or a field by its tag in the text."""

from __future__ import annotations

from collections.abc import Sequence

from waypost.kernel.registry import Usage
from waypost.kernel.sql import FALSE, sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.uses import names_in
from waypost.media.queries import find_image
from waypost.media.types import path_of


async def find_uses(tx: ReadTx, noun: str, object_id: int) -> Sequence[Usage]:
    """Never live: a message without the row still goes out, only with less in it."""
    if noun == "image":
        return await _showing(tx, object_id)
    by_tag = FALSE
    if noun == "field":
        by_tag = sql(
            """
            exists (
                select 1 from contacts.field as f
                where f.workspace_id = {workspace} and f.id = {field_id}
                  and (strpos(m.subject, '%' || f.key || '%') > 0 or strpos(m.subject, '%' || f.key || '|') > 0
                       or strpos(m.document::text, '%' || f.key || '%') > 0
                       or strpos(m.document::text, '%' || f.key || '|') > 0))
            """,
            field_id=object_id,
        )
    return await tx.all(
        sql(
            """
            select 'message' as kind, m.id, m.name, false as is_live from messages.message as m
            where m.workspace_id = {workspace} and ({named} or {by_tag}) order by m.id
            """,
            named=names_in(tx, sql("m.document"), noun, object_id),
            by_tag=by_tag,
        ),
        Usage,
    )


async def _showing(tx: ReadTx, image_id: int) -> Sequence[Usage]:
    """What shows a picture, by the path of its address, whatever the width and the server's name."""
    image = await find_image(tx, image_id)
    if image is None:
        return []
    return await tx.all(
        sql(
            """
            select 'message' as kind, id, name, false as is_live from messages.message
            where workspace_id = {workspace} and strpos(document::text, {path}) > 0
            union all
            select 'saved_row', id, name, false from messages.saved_row
            where workspace_id = {workspace} and strpos(blocks::text, {path}) > 0
            union all
            select 'brand', 0, 'brand kit', false from messages.brand
            where workspace_id = {workspace} and strpos(kit::text, {path}) > 0
            order by 1, 2
            """,
            path=path_of(tx.workspace_id, image.key),
        ),
        Usage,
    )


NAMES = {
    "message": sql("select id, name as name from messages.message where workspace_id = {workspace}"),
}
"""What people call the rows that other documents name, by noun."""
