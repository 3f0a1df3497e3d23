"""The image library: what is taken, what it becomes, who sees it, and when it may go."""

from __future__ import annotations

import asyncio
import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.make import Client
from waypost.kernel.db import Database
from waypost.kernel.sql import sql
from waypost.kernel.uses import StillUsed
from waypost.media.actions import delete_image
from waypost.media.drawing import MOST_BYTES, MOST_PIXELS, draw
from waypost.media.errors import ImageBroken, ImageGone, ImageNotUnderstood, ImageTooLarge
from waypost.messages.actions import create_message, delete_message


def picture(width: int, height: int, kind: str = "JPEG", *, mode: str = "RGB", **saved: Any) -> bytes:
    out = BytesIO()
    Pillow.linear_gradient("L").resize((width, height)).convert(mode).save(out, kind, **saved)
    return out.getvalue()


def animation(width: int = 400, frames: int = 3) -> bytes:
    out = BytesIO()
    drawn = [Pillow.new("RGB", (width, 300), (number % 256, number // 2, 99)) for number in range(frames)]
    drawn[0].save(out, "GIF", save_all=True, append_images=drawn[1:], duration=100)
    return out.getvalue()


def claimed(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header claims these sizes, with pixels that unpack to hundreds of megabytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 5_000_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


async def upload(client: Client, content: bytes, name: str = "photo.jpg", **more: Any) -> Any:
    return await client.post("/api/v1/images", params={"name": name, **more}, content=content)


def test_a_photo_is_redrawn_in_every_width_and_loses_what_hides_in_it() -> None:
    exif = Pillow.Exif()
    exif[0x010E] = "secret place"
    exif[0x0112] = 6  # taken with the camera on its side
    drawn = draw(picture(2400, 1600, exif=exif))
    assert [item.width for item in drawn.renditions] == [320, 600, 1200, 1600]
    assert (drawn.mime, drawn.width, drawn.height) == ("image/jpeg", 1600, 2400)
    for item in drawn.renditions:
        opened = Pillow.open(BytesIO(item.content))
        assert (opened.width, opened.height) == (item.width, item.height)
        assert not opened.getexif()
        assert b"secret" not in item.content


def test_transparency_and_animations_are_kept_and_small_pictures_are_not_blown_up() -> None:
    logo = draw(picture(200, 80, "PNG", mode="RGBA"))
    assert (logo.mime, [item.width for item in logo.renditions]) == ("image/png", [200])
    assert draw(picture(900, 600, "WEBP")).mime == "image/jpeg"
    moving = draw(animation())
    assert (moving.mime, moving.is_animated) == ("image/gif", True)
    assert [(item.width, item.mime) for item in moving.renditions] == [(320, "image/png"), (400, "image/gif")]
    assert getattr(Pillow.open(BytesIO(moving.renditions[-1].content)), "n_frames", 1) == 3


def test_what_is_no_picture_or_would_burst_is_refused_unopened() -> None:
    for content in (b"", b"GIF", b"<svg xmlns='http://www.w3.org/2000/svg'><script>x()</script></svg>", b"%PDF-1.7"):
        with pytest.raises(ImageNotUnderstood):
            draw(content)
    for width, height in ((6000, 6000), (30_000, 30_000)):
        assert width * height > MOST_PIXELS
        with pytest.raises(ImageTooLarge):
            draw(claimed(width, height))
    with pytest.raises(ImageTooLarge):
        draw(animation(1200, 300))
    with pytest.raises(ImageBroken):
        draw(picture(300, 300)[:2000])
    with pytest.raises(ImageTooLarge):
        draw(b"\xff" * (MOST_BYTES + 1))


async def test_an_image_is_kept_once_described_found_and_handed_out_for_a_year(client: Client) -> None:
    made = (await upload(client, picture(1500, 900), name="Harbour.jpg", alt="The harbour at dawn")).json()
    assert made["widths"] == [320, 600, 1200, 1500]
    again = (await upload(client, picture(1500, 900), name="Other name.jpg")).json()
    assert (again["id"], again["name"]) == (made["id"], "Harbour.jpg")
    path = f"/api/v1/images/{made['id']}"
    assert (await client.patch(path, json={"alt": "Boats"})).json()["alt"] == "Boats"
    found = (await client.get("/api/v1/images", params={"search": "boats"})).json()["items"]
    assert [item["id"] for item in found] == [made["id"]]
    assert (await client.get("/api/v1/images", params={"search": "dawn"})).json()["items"] == []

    public = made["url"].partition("/i/")[2]
    answer = await client.get("/i/" + public, headers={"Api-Token": ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert Pillow.open(BytesIO(answer.content)).width == 1200
    same = await client.get("/i/" + public, headers={"if-none-match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    head = await client.head("/i/" + public)
    assert (head.headers["content-length"], head.content) == (str(len(answer.content)), b"")
    for wrong in (public.replace("1200", "1201"), public.replace(".jpg", ".png"), public[:8], "0/" + public[2:]):
        assert (await client.get("/i/" + wrong)).status_code == 404
    assert (await client.get(made["thumbnail_url"])).status_code == 200


async def test_an_image_that_a_message_shows_stays_and_another_goes(client: Client) -> None:
    made = (await upload(client, picture(700, 500))).json()
    path = f"/api/v1/images/{made['id']}"
    # Another width and another host are the same image.
    src = "https://news.example.com" + made["url"][made["url"].index("/i/") :].replace("/700.", "/600.")
    document = {"version": 1, "kind": "email", "blocks": [{"id": "a", "type": "image", "props": {"src": src}}]}
    message = (await client.post("/api/v1/messages", json={"name": "Shows it", "document": document})).json()
    uses = (await client.get(f"/api/v1/uses/image/{made['id']}")).json()["items"]
    assert [(item["kind"], item["id"]) for item in uses] == [("message", message["id"])]
    refused = await client.delete(path)
    assert (refused.status_code, refused.json()["code"]) == (409, "still_used")
    assert "Shows it" in refused.json()["detail"]
    assert (await client.get(path)).status_code == 200
    await client.delete(f"/api/v1/messages/{message['id']}")
    assert (await client.delete(path)).status_code == 204
    assert (await client.get(path)).status_code == 404


async def test_a_bad_upload_says_what_is_wrong_and_keeps_nothing(client: Client) -> None:
    for content, status, code in (
        (b"<svg onload='x()'/>", 422, "media.not_understood"),
        (picture(300, 300)[:2000], 422, "media.broken"),
        (claimed(9000, 9000), 413, "media.too_large"),
        (b"\xff" * (MOST_BYTES + 10), 413, "files.too_large"),
    ):
        answer = await upload(client, content, name="x.jpg")
        assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert (await client.get("/api/v1/images")).json()["items"] == []
    assert (await client.post("/api/v1/images", content=picture(10, 10))).status_code == 422


async def test_deleting_and_showing_at_one_moment_never_leaves_a_message_without_its_picture(
    client: Client, db: Database
) -> None:
    made = (await upload(client, picture(710, 500))).json()
    document = {"version": 1, "kind": "email", "blocks": [{"id": "a", "type": "image", "props": {"src": made["url"]}}]}

    async def save() -> int:
        async with db.transaction(client.workspace_id) as other:
            return (await create_message(other, name="Late", document=document)).id

    async def delete() -> None:
        async with db.transaction(client.workspace_id) as other:
            await delete_image(other, made["id"])

    async with db.transaction(client.workspace_id) as tx:
        message = await create_message(tx, name="First", document=document)
        deleting = asyncio.create_task(delete())
        await blocked(db, client.workspace_id)
    with pytest.raises(StillUsed):
        await deleting
    async with db.transaction(client.workspace_id) as tx:
        await delete_message(tx, message.id)
    async with db.transaction(client.workspace_id) as tx:
        await delete_image(tx, made["id"])
        saving = asyncio.create_task(save())
        await blocked(db, client.workspace_id)
    with pytest.raises(ImageGone):
        await saving
    assert (await client.get("/api/v1/messages")).json()["items"] == []
    # What has long been gone is no obstacle: an older version may come back.
    assert await save()


async def blocked(db: Database, workspace_id: int) -> None:
    """Until somebody waits for a lock."""
    statement = sql(
        "select exists (select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')"
    )
    for _ in range(500):
        async with db.read(workspace_id) as read:
            if await read.value(statement):
                return
        await asyncio.sleep(0.01)
    raise AssertionError("nobody waits")
