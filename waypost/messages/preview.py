"""What a message looks like for a contact: the renderer that sends it, with links that lead nowhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from waypost.kernel.tx import ReadTx
from waypost.messages.check import check_message, refuse_broken
from waypost.messages.compile import text_function
from waypost.messages.constants import SAMPLE_SENDER, Constants
from waypost.messages.document import parse_document
from waypost.messages.queries import get_recipient_row, list_columns
from waypost.messages.render import render
from waypost.messages.template import ITEMS, Columns, parse_template
from waypost.messages.types import Column
from waypost.messages.wire import HTML_ESCAPES


@dataclass(frozen=True, slots=True)
class PreviewProblem:
    """What looks wrong, and where: a pointer into the message, and the block if it is in one."""

    block_id: str
    message: str
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    html: str
    text: str
    subject: str
    problems: list[PreviewProblem] = field(default_factory=list[PreviewProblem])


async def preview_message(
    tx: ReadTx, *, document: dict[str, Any], subject: str, preheader: str, contact_id: int | None
) -> Preview:
    """Render for the contact, or with sample values when none is chosen; raises TemplateBroken with its place."""
    findings = await check_message(tx, document=document, subject=subject, preheader=preheader)
    refuse_broken(findings)
    rendered = render(parse_document(document), preheader=preheader)
    known = await list_columns(tx)
    columns = Columns(
        known, condition_count=len(rendered.conditions), constants=Constants(tx.now.date(), SAMPLE_SENDER)
    )
    html = parse_template(rendered.html, columns, is_html=True)
    text = parse_template(rendered.text, columns, is_html=False)
    title = parse_template(subject, columns, is_html=False)
    row = None
    if contact_id is not None:
        row = await get_recipient_row(tx, contact_id, columns.used, rendered.conditions, known)
    if row is None:
        row = sample_row(tx, columns.used, known, len(rendered.conditions))
    count = len(rendered.conditions)
    return Preview(
        html=text_function(html, columns, count, escape=lambda value: value.translate(HTML_ESCAPES))(row),
        text=text_function(text, columns, count)(row),
        subject=text_function(title, columns, count)(row),
        problems=[PreviewProblem(item.block_id, item.message, item.pointer) for item in findings],
    )


def sample_row(tx: ReadTx, used: Sequence[str], known: Sequence[Column], conditions: int) -> tuple[Any, ...]:
    """A recipient as nobody is: samples for the fields, and every condition holds."""
    samples = {field.name: field.sample for field in tx.registry.merge_fields.values()}
    named = {column.name: f"[{column.tag}]" for column in known}
    return (
        "ada@example.com",
        *(samples.get(name, named.get(name.removesuffix(ITEMS), "")) for name in used),
        *(True for _ in range(conditions)),
    )
