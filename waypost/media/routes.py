"""HTTP for the image library."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import Annotated, Any

from litestar import Request, delete, get, patch, post
from litestar.params import Parameter

from waypost.kernel.files import FileTooLarge
from waypost.kernel.http.auth import Caller
from waypost.kernel.tx import ReadTx
from waypost.kernel.tx import Tx as Write
from waypost.kernel.work import SystemWork
from waypost.media.actions import add_image, delete_image, update_image
from waypost.media.drawing import MOST_BYTES, draw
from waypost.media.queries import get_image, list_images
from waypost.media.schemas import ImageChange, ImageList, ImageOut

AT_ONCE = asyncio.Semaphore(2)
"""A picture of 25 megapixels takes 100 MB while it is drawn."""


async def _read(chunks: AsyncIterable[bytes]) -> bytes:
    """The whole body, as long as it stays under the limit."""
    content = bytearray()
    async for chunk in chunks:
        content += chunk
        if len(content) > MOST_BYTES:
            raise FileTooLarge(limit_mb=MOST_BYTES // 1_000_000)
    return bytes(content)


@get("/api/v1/images")
async def read_images(
    read: ReadTx,
    caller: Caller,
    work: SystemWork,
    search: str = "",
    limit: Annotated[int, Parameter(ge=1, le=200)] = 50,
    after: str | None = None,
) -> ImageList:
    page = await list_images(read, search=search, limit=limit, after=after)
    url = work.settings.base_url
    return ImageList(items=[ImageOut.of(item, caller.workspace_id, url) for item in page.items], next=page.next)


@post("/api/v1/images", request_max_body_size=MOST_BYTES + 100_000)
async def upload_image(
    name: Annotated[str, Parameter(min_length=1, max_length=200)],
    request: Request[Any, Any, Any],
    caller: Caller,
    work: SystemWork,
    alt: Annotated[str, Parameter(max_length=500)] = "",
) -> ImageOut:
    """The body is the file itself. It is drawn before a transaction begins."""
    content = await _read(request.stream())
    async with AT_ONCE:
        picture = await asyncio.to_thread(draw, content)
    async with work.db.transaction(caller.workspace_id, actor=caller.actor) as tx:
        image = await add_image(tx, picture, content, name=name, alt=alt)
    return ImageOut.of(image, caller.workspace_id, work.settings.base_url)


@get("/api/v1/images/{image_id:int}")
async def read_image(image_id: int, read: ReadTx, caller: Caller, work: SystemWork) -> ImageOut:
    return ImageOut.of(await get_image(read, image_id), caller.workspace_id, work.settings.base_url)


@patch("/api/v1/images/{image_id:int}")
async def change_image(image_id: int, data: ImageChange, tx: Write, caller: Caller, work: SystemWork) -> ImageOut:
    image = await update_image(tx, image_id, name=data.name, alt=data.alt)
    return ImageOut.of(image, caller.workspace_id, work.settings.base_url)


@delete("/api/v1/images/{image_id:int}")
async def drop_image(image_id: int, tx: Write) -> None:
    await delete_image(tx, image_id)


ROUTES = (read_images, upload_image, read_image, change_image, drop_image)
