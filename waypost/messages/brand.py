"""The brand kit: colours, font, logo and footer that new messages and the ready templates begin with."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec

from waypost.kernel.model import Model
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx, Tx
from waypost.media.actions import hold_images
from waypost.messages.document import Address, Color, Settings, Words, clean_text

BUTTON = "#4650c8"
"""The colour of buttons that nobody has given one; the brand's takes its place."""


class BrandKit(Model):
    """Everything has a beginning, so that a kit may hold as little as a logo."""

    colors: Annotated[list[Color], msgspec.Meta(max_length=12)] = msgspec.field(default_factory=list[str])
    background: Color = Settings().background
    sheet: Color = Settings().sheet
    color: Color = Settings().color
    link_color: Color = Settings().link_color
    button_color: Color = BUTTON
    button_text_color: Color = "#ffffff"
    font: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9 ,'-]{1,120}$")] = Settings().font
    logo: Address = ""
    logo_alt: Annotated[str, msgspec.Meta(max_length=500)] = ""
    logo_width: Annotated[int, msgspec.Meta(ge=16, le=600)] = 140
    footer_html: Words = ""


async def find_brand(tx: ReadTx) -> BrandKit | None:
    kit = await tx.value(sql("select kit from messages.brand where workspace_id = {workspace}"))
    return None if kit is None else msgspec.convert(kit, BrandKit, strict=False)


async def set_brand(tx: Tx, kit: BrandKit) -> BrandKit:
    cleaned = msgspec.structs.replace(kit, footer_html=clean_text(kit.footer_html))
    await hold_images(tx, msgspec.to_builtins(cleaned))
    await tx.run(
        sql(
            """
            insert into messages.brand (workspace_id, kit, created_at, updated_at)
            values ({workspace}, {kit}, {now}, {now})
            on conflict (workspace_id) do update set kit = excluded.kit, updated_at = excluded.updated_at
            """,
            kit=msgspec.to_builtins(cleaned),
        )
    )
    return cleaned


def branded(document: dict[str, Any], kit: BrandKit | None) -> dict[str, Any]:
    """The document in the brand's look: its colours and font, its buttons, its logo and its footer."""
    if kit is None or document.get("kind") != "email":
        return document
    look = {name: getattr(kit, name) for name in ("background", "sheet", "color", "link_color", "font")}
    blocks = [_branded(block, kit) for block in document.get("blocks", [])]
    kinds = {block.get("type") for block in blocks}
    if kit.logo and not any(block.get("id") == "logo" for block in blocks):
        blocks.insert(0, {"id": "logo", "type": "image", "props": _logo(kit)})
    if kit.footer_html and "footer" not in kinds:
        blocks.append({"id": "footer", "type": "footer", "props": {"html": kit.footer_html}})
    return {**document, "settings": {**document.get("settings", {}), **look}, "blocks": blocks}


def _logo(kit: BrandKit) -> dict[str, Any]:
    return {"src": kit.logo, "alt": kit.logo_alt, "width": kit.logo_width, "align": "left"}


def _branded(block: dict[str, Any], kit: BrandKit) -> dict[str, Any]:
    props: dict[str, Any] = block.get("props", {})
    if block.get("id") == "logo" and kit.logo:
        return {**block, "type": "image", "props": {**_logo(kit), "align": props.get("align", "left")}}
    if block.get("type") == "footer" and kit.footer_html:
        return {**block, "props": {**props, "html": kit.footer_html}}
    if block.get("type") == "button" and props.get("color", BUTTON) == BUTTON:
        return {**block, "props": {**props, "color": kit.button_color, "text_color": kit.button_text_color}}
    if block.get("type") == "heading" and props.get("color") == BUTTON:
        return {**block, "props": {**props, "color": kit.button_color}}
    if block.get("slots"):
        return {**block, "slots": [[_branded(item, kit) for item in slot] for slot in block["slots"]]}
    return block
