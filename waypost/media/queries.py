"""Reading the image library."""

from __future__ import annotations

from waypost.kernel.page import Page, decode_cursor, page_of
from waypost.kernel.sql import TRUE, sql
from waypost.kernel.tx import ReadTx
from waypost.media.errors import ImageNotFound
from waypost.media.types import Image, Rendition

COLUMNS = sql(
    """
    i.id, i.key, i.name, i.alt, i.mime, i.width, i.height, i.size_bytes, i.is_animated,
    array(select r.width from media.rendition r
          where r.workspace_id = i.workspace_id and r.image_id = i.id order by r.width) as widths,
    i.created_at, i.updated_at
    """
)


async def find_image(tx: ReadTx, image_id: int) -> Image | None:
    return await tx.maybe(
        sql(
            "select {columns} from media.image i where i.workspace_id = {workspace} and i.id = {id}",
            columns=COLUMNS,
            id=image_id,
        ),
        Image,
    )


async def get_image(tx: ReadTx, image_id: int) -> Image:
    found = await find_image(tx, image_id)
    if found is None:
        raise ImageNotFound(image_id=image_id)
    return found


async def list_images(tx: ReadTx, *, search: str = "", limit: int = 50, after: str | None = None) -> Page[Image]:
    """Newest first, those whose name or description holds the words."""
    behind = TRUE if after is None else sql("i.id < {last}", last=decode_cursor(after, int)[0])
    rows = await tx.all(
        sql(
            """
            select {columns} from media.image i
            where i.workspace_id = {workspace} and {behind}
              and ({search} = '' or strpos(lower(i.name || ' ' || i.alt), lower({search})) > 0)
            order by i.id desc limit {limit}
            """,
            columns=COLUMNS,
            behind=behind,
            search=search.strip(),
            limit=limit + 1,
        ),
        Image,
    )
    return page_of(rows, limit, lambda row: row.id)


async def find_rendition(tx: ReadTx, key: str, width: int) -> Rendition | None:
    """By what stands in its public address."""
    return await tx.maybe(
        sql(
            """
            select r.width, r.height, r.mime, r.content from media.image i
            join media.rendition r on r.workspace_id = i.workspace_id and r.image_id = i.id
            where i.workspace_id = {workspace} and i.key = {key} and r.width = {width}
            """,
            key=key,
            width=width,
        ),
        Rendition,
    )
