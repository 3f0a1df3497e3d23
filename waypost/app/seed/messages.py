"""Messages of the sample workspace, from the ready templates."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from PIL import Image, ImageOps

from waypost.kernel.tx import Tx
from waypost.media.actions import add_image
from waypost.media.drawing import draw
from waypost.messages.actions import create_message
from waypost.messages.library import save_row
from waypost.messages.ready import load_templates
from waypost.messages.variables import create_variable

ISSUES = {
    "Newsletter: the harvest has landed": ("The harvest has landed", "Huila, still in its parchment"),
    "Newsletter: why water matters": ("Your water, your cup", "Two minutes that change the taste"),
    "Newsletter: a morning at the roastery": ("A morning at the roastery", "Six o’clock, and the drum is warm"),
    "Newsletter: winter blend": ("The winter blend is here", "Orange, cocoa and a long finish"),
}
"""One for each week, the oldest first: the name, then subject and preview text."""


TAKEN = ("welcome", "newsletter", "offer", "event", "win-back", "magazine", "birthday", "vip-offer", "survey")


async def seed_library(tx: Tx) -> None:
    """A picture, a footer that is the same everywhere, a row to copy in, and words under tags."""
    content = _sunrise()
    await add_image(tx, draw(content), content, name="Harbour at dawn.png", alt="The harbour at dawn")
    footer = {"html": "<p>Harbour Coffee, 3 Quay Street, Bristol</p>", "unsubscribe": "Leave the list"}
    await save_row(tx, name="Footer", blocks=[{"id": "a", "type": "footer", "props": footer}], is_synced=True)
    await create_variable(tx, tag="OPENING_HOURS", name="Opening hours", content="Tuesday to Sunday, 8 to 6")
    offer = "<strong>Three bags for the price of two</strong> until Sunday"
    await create_variable(tx, tag="OFFER", name="This week’s offer", format="html", content=offer)
    points = ("Roasted on Mondays and Thursdays", "Sent the same day", "Ground as you like it")
    items = [{"icon": "☕", "label": point} for point in points]
    await save_row(tx, name="Why us", blocks=[{"id": "a", "type": "list", "props": {"items": items}}], is_synced=False)


def _sunrise() -> bytes:
    """A band of colours, from the water up to the sky."""
    sky = Image.linear_gradient("L").rotate(180).resize((1200, 600))
    picture = ImageOps.colorize(sky, black="#f6b26b", white="#2b3a67", mid="#c98a9b")
    out = BytesIO()
    picture.save(out, "PNG")
    return out.getvalue()


async def seed_messages(tx: Tx) -> dict[str, int]:
    """A message of each template that the workspace has taken, by its id, and the newsletters by name."""
    templates = {template.id: template for template in load_templates()}
    made: dict[str, int] = {}
    for template in (templates[name] for name in TAKEN):
        # lint: no-row-loops because a turn is one of a few templates
        made[template.id] = await _write(tx, template.name, template.subject, template.preheader, template.document)
    for name, (subject, preheader) in ISSUES.items():
        # lint: no-row-loops because a turn is one of four newsletters
        made[name] = await _write(tx, name, subject, preheader, _issue(templates["newsletter"].document, subject))
    return made


async def _write(tx: Tx, name: str, subject: str, preheader: str, document: dict[str, Any]) -> int:
    message = await create_message(
        tx,
        name=name,
        subject=subject,
        preheader=preheader,
        from_name="Olga of Harbour Coffee",
        from_email="hello@harbour.example",
        document=document,
    )
    return message.id


def _issue(document: Mapping[str, Any], title: str) -> dict[str, Any]:
    made: dict[str, Any] = copy.deepcopy(dict(document))
    headings = [block for block in made["blocks"] if block["type"] == "heading" and block["id"] != "logo"]
    headings[0]["props"]["text"] = title
    return made
