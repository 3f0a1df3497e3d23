"""Messages of the sample workspace, from the ready templates."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from waypost.kernel.tx import Tx
from waypost.messages.actions import create_message
from waypost.messages.ready import load_templates

ISSUES = {
    "Newsletter: the harvest has landed": ("The harvest has landed", "Huila, still in its parchment"),
    "Newsletter: why water matters": ("Your water, your cup", "Two minutes that change the taste"),
    "Newsletter: a morning at the roastery": ("A morning at the roastery", "Six o’clock, and the drum is warm"),
    "Newsletter: winter blend": ("The winter blend is here", "Orange, cocoa and a long finish"),
}
"""One for each week, the oldest first: the name, then subject and preview text."""


async def seed_messages(tx: Tx) -> dict[str, int]:
    """One message of each template by its id, and the newsletters by name."""
    templates = {template.id: template for template in load_templates()}
    made: dict[str, int] = {}
    for template in templates.values():
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
    made["blocks"][0]["props"]["text"] = title
    return made
