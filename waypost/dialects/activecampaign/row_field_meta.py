"""Custom fields of rows that are no contacts: what accounts and deals have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from waypost.contacts.actions.row_fields import create_row_field, delete_row_field, update_row_field
from waypost.contacts.queries.row_fields import FieldTable, list_row_fields
from waypost.contacts.types import FieldType, RowField
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import Unreadable, flag, integer
from waypost.dialects.activecampaign.company_rows import metum_row
from waypost.dialects.activecampaign.envelope import Answer, Links, echo
from waypost.dialects.activecampaign.errors import errors, missing
from waypost.dialects.activecampaign.paging import MOST, cut
from waypost.dialects.activecampaign.routing import Routes
from waypost.kernel.uses import refuse_while_live

TYPES = (
    "text", "textarea", "date", "datetime", "dropdown", "multiselect", "listbox", "radio", "checkbox", "hidden",
    "currency", "number",
)  # fmt: skip
RENAMED = {"name": "fieldLabel", "options": "fieldOptions", "default_value": "fieldDefault", "fields": "fieldValue"}
MOST_AT_ONCE = 1_000
DELETED = {"message": "Custom field deleted"}


@dataclass(frozen=True, slots=True)
class MetaKind:
    """Whose fields: their table, names in v3 (one and many), tag prefix, status of creating, name of uses."""

    table: FieldTable
    one: str
    many: str
    prefix: str
    links: Links
    created: int = 200
    used_as: str | None = None

    def row(self, field: RowField, call: Read) -> dict[str, object]:
        return metum_row(field, call.base, call.zone, links=self.links, prefix=self.prefix)


def gone() -> Answer:
    """These services have an error shape of their own."""
    return errors(404, [{"status": 404, "title": "Not Found"}])


async def find_field(call: Read, table: FieldTable, field_id: int) -> RowField | None:
    return next((field for field in await list_row_fields(call.tx, table) if field.id == field_id), None)


def with_currency(row: dict[str, Any], sent: Sent) -> dict[str, Any]:
    return {**row, "fieldCurrency": sent.get("fieldCurrency")} if sent.has("fieldCurrency") else row


def items_sent(call: Write) -> list[Sent]:
    """A bare array, as clients send it, or one under the key `array`, as one example shows."""
    given = call.body.get("array")
    if not isinstance(given, list) or not given:
        raise missing("array")
    if len(cast("list[object]", given)) > MOST_AT_ONCE:
        raise Unreadable("array", f"At most {MOST_AT_ONCE} values at once.")
    return [
        Sent(cast("dict[str, Any]", item) if isinstance(item, dict) else {}) for item in cast("list[object]", given)
    ]


def _type(sent: Sent) -> FieldType:
    kind = (sent.text("fieldType") or "").lower()
    if kind not in TYPES:
        raise Unreadable("fieldType", f"fieldType must be one of {', '.join(TYPES)}.")
    return kind


def _options(sent: Sent) -> list[str]:
    given = sent.get("fieldOptions")
    return [str(option) for option in cast("Sequence[object]", given)] if isinstance(given, list) else []


def _changes(sent: Sent) -> dict[str, object]:
    """What may change; the type stays as it was made: values depend on it."""
    changes: dict[str, object] = {}
    if sent.has("fieldLabel"):
        changes["name"] = sent.text("fieldLabel")
    if sent.has("fieldOptions"):
        changes["options"] = _options(sent)
    if sent.has("fieldDefault"):
        changes["default_value"] = sent.get("fieldDefault")
    if sent.has("displayOrder"):
        changes["position"] = max(integer(sent.get("displayOrder"), "displayOrder"), 0)
    for column, name in (("isRequired", "is_required"), ("isFormVisible", "is_visible")):
        if sent.has(column):
            changes[name] = flag(sent.get(column))
    return changes


def offer_meta(routes: Routes, kind: MetaKind) -> None:
    """Add the routes of one kind's definitions."""

    @routes.get(f"/{kind.many}")
    async def list_meta(call: Read) -> Answer:
        fields = cut(await list_row_fields(call.tx, kind.table), call.query, default=MOST)
        return Answer({kind.many: [kind.row(field, call) for field in fields]})

    @routes.post(f"/{kind.many}")
    async def post_metum(call: Write) -> Answer:
        sent = call.inner(kind.one)
        sent.require("fieldLabel", "fieldType")
        field = await create_row_field(
            call.tx,
            kind.table,
            name=sent.text("fieldLabel") or "",
            type=_type(sent),
            options=_options(sent),
            default_value=sent.get("fieldDefault"),
            is_required=flag(sent.get("isRequired")),
            is_visible=flag(sent.get("isFormVisible")) if sent.has("isFormVisible") else True,
        )
        if sent.has("displayOrder"):
            position = max(integer(sent.get("displayOrder"), "displayOrder"), 0)
            field = await update_row_field(call.tx, kind.table, field.id, {"position": position})
        return Answer({kind.one: echo(kind.row(field, call), sent.values)}, kind.created)

    @routes.get(f"/{kind.many}/{{id}}")
    async def read_metum(call: Read) -> Answer:
        field = await find_field(call, kind.table, call.id)
        return gone() if field is None else Answer({kind.one: kind.row(field, call)})

    @routes.put(f"/{kind.many}/{{id}}")
    async def put_metum(call: Write) -> Answer:
        if await find_field(call, kind.table, call.id) is None:
            return gone()
        field = await update_row_field(call.tx, kind.table, call.id, _changes(call.inner(kind.one)))
        return Answer({kind.one: kind.row(field, call)})

    @routes.delete(f"/{kind.many}/{{id}}")
    async def remove_metum(call: Write) -> Answer:
        if await find_field(call, kind.table, call.id) is None:
            return gone()
        if kind.used_as is not None:
            await refuse_while_live(call.tx, kind.used_as, call.id)
        await delete_row_field(call.tx, kind.table, call.id)
        return Answer(DELETED)

    _ = (list_meta, post_metum, read_metum, put_metum, remove_metum)
