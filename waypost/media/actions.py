"""Keeping images. The same file twice is one image; one that something shows is not deleted."""

from __future__ import annotations

import json
import re
import secrets
from hashlib import sha256

from waypost.kernel.sql import sql
from waypost.kernel.tx import Tx
from waypost.kernel.uses import refuse_while_used
from waypost.media.errors import ImageGone, ImageNotFound
from waypost.media.queries import get_image
from waypost.media.types import Image, Picture

_SHOWN = re.compile(r"/i/(\d{1,18})/([A-Za-z0-9_-]{10,40})/")


async def add_image(tx: Tx, picture: Picture, content: bytes, *, name: str, alt: str = "") -> Image:
    """The image of this file; one that is there already stays as it is, with the name it has."""
    digest = sha256(content).digest()
    made = await tx.value(
        sql(
            """
            with made as (
                insert into media.image
                    (workspace_id, key, name, alt, sha256, mime, width, height, size_bytes, is_animated, author_id,
                     created_at, updated_at)
                values ({workspace}, {key}, {name}, {alt}, {digest}, {mime}, {width}, {height}, {size}, {is_animated},
                        {author_id}::bigint, {now}, {now})
                on conflict (workspace_id, sha256) do nothing
                returning id
            ),
            drawn as (
                insert into media.rendition (workspace_id, image_id, width, height, mime, content, created_at)
                select {workspace}, made.id, r.width, r.height, r.mime, r.content, {now}
                from made, unnest({widths}::int[], {heights}::int[], {mimes}::text[], {contents}::bytea[])
                    as r (width, height, mime, content)
            )
            select id from made
            """,
            key=secrets.token_urlsafe(16),
            name=name,
            alt=alt,
            digest=digest,
            mime=picture.mime,
            width=picture.width,
            height=picture.height,
            size=len(picture.renditions[-1].content),
            is_animated=picture.is_animated,
            author_id=tx.actor.id if tx.actor.kind in ("user", "api") else None,
            widths=[item.width for item in picture.renditions],
            heights=[item.height for item in picture.renditions],
            mimes=[item.mime for item in picture.renditions],
            contents=[item.content for item in picture.renditions],
        )
    )
    if made is None:
        made = await tx.value(
            sql("select id from media.image where workspace_id = {workspace} and sha256 = {digest}", digest=digest)
        )
    return await get_image(tx, made)


async def update_image(tx: Tx, image_id: int, *, name: str | None = None, alt: str | None = None) -> Image:
    await tx.run(
        sql(
            """
            update media.image set name = coalesce({name}::text, name), alt = coalesce({alt}::text, alt),
                updated_at = {now}
            where workspace_id = {workspace} and id = {id}
            """,
            id=image_id,
            name=name,
            alt=alt,
        )
    )
    return await get_image(tx, image_id)


async def hold_images(tx: Tx, content: object) -> None:
    """Nobody deletes the pictures that the content shows before this transaction ends.

    Raises ImageGone for one that is deleted in this very moment. What has long been gone, or never was here, is no
    error: a version from then may come back, and a file from elsewhere be taken in.
    """
    text = json.dumps(content)
    keys = sorted({key for owner, key in _SHOWN.findall(text) if int(owner) == tx.workspace_id})
    if not keys:
        return
    there = await tx.all(
        sql(
            "select key, name from media.image where workspace_id = {workspace} and key = any({keys}::text[])",
            keys=keys,
        )
    )
    held = await tx.all(
        sql(
            """
            select key from media.image where workspace_id = {workspace} and key = any({keys}::text[])
            order by id for key share
            """,
            keys=keys,
        )
    )
    left = {row["key"] for row in held}
    for row in there:
        if row["key"] not in left:
            raise ImageGone(name=row["name"])


async def delete_image(tx: Tx, image_id: int) -> None:
    """Delete it, unless something shows it: mails already sent would lose it too."""
    locked = await tx.value(
        sql("select id from media.image where workspace_id = {workspace} and id = {id} for update", id=image_id)
    )
    if locked is None:
        raise ImageNotFound(image_id=image_id)
    await refuse_while_used(tx, "image", image_id)
    await tx.run(sql("delete from media.image where workspace_id = {workspace} and id = {id}", id=image_id))
