"""Custom fields of deals: their definitions (meta) and values (data), singly and in bulk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from waypost.contacts.types import RowField
from waypost.deals.actions.changing import DealChange
from waypost.deals.actions.deals import update_deals
from waypost.deals.queries.deals import DealFilter, find_deals
from waypost.deals.queries.fields import DEAL_FIELDS, list_deal_fields
from waypost.deals.queries.numbered import DealsAsked, list_deals_from
from waypost.deals.types import Deal
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import unpair
from waypost.dialects.activecampaign.company_rows import stored_value
from waypost.dialects.activecampaign.deal_rows import deal_datum_row
from waypost.dialects.activecampaign.envelope import Answer, Links
from waypost.dialects.activecampaign.errors import related_missing
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.row_field_meta import (
    RENAMED,
    MetaKind,
    find_field,
    gone,
    items_sent,
    offer_meta,
    with_currency,
)

routes = Routes(RENAMED)
offer_meta(
    routes,
    MetaKind(
        DEAL_FIELDS,
        "dealCustomFieldMetum",
        "dealCustomFieldMeta",
        "DEAL",
        Links("dealCustomFieldMeta", ("dealCustomFieldData",)),
        created=201,
        used_as="deal_field",
    ),
)


def _rows(call: Read, deals: Sequence[Deal], fields: Sequence[RowField]) -> list[dict[str, Any]]:
    return [
        deal_datum_row(deal, field, call.base, call.zone)
        for deal in deals
        for field in fields
        if str(field.id) in deal.fields
    ]


@routes.get("/dealCustomFieldMeta/{id}/dealCustomFieldData")
async def list_of_field(call: Read) -> Answer:
    field = await find_field(call, DEAL_FIELDS, call.id)
    if field is None:
        return gone()
    asked = DealsAsked(DealFilter())
    found = await list_deals_from(call.tx, asked, limit=call.query.limit(), offset=call.query.offset)
    return Answer({"dealCustomFieldData": _rows(call, found, [field])})


@routes.get("/dealCustomFieldData")
async def list_data(call: Read) -> Answer:
    """Values of one deal, or of a page of deals, deal by deal; the total is a number here."""
    deal_id = call.query.filter_number("dealId")
    fields = await list_deal_fields(call.tx)
    if deal_id is None:
        asked = DealsAsked(DealFilter())
        found = await list_deals_from(call.tx, asked, limit=call.query.limit(), offset=call.query.offset)
    else:
        found = await find_deals(call.tx, [deal_id])
    rows = _rows(call, found, fields)
    return Answer({"dealCustomFieldData": rows, "meta": {"total": len(rows)}})


async def _datum(call: Read) -> tuple[Deal, RowField] | None:
    deal_id, field_id = unpair(call.id)
    field = await find_field(call, DEAL_FIELDS, field_id)
    found = await find_deals(call.tx, [deal_id])
    if field is None or not found or str(field_id) not in found[0].fields:
        return None
    return found[0], field


async def _write(call: Write, values: Sequence[tuple[int, int, object]]) -> tuple[dict[int, Deal], dict[int, RowField]]:
    """Give deals (deal id, field id, value) their values; returns both by id."""
    fields = {field.id: field for field in await list_deal_fields(call.tx)}
    there = {deal.id for deal in await find_deals(call.tx, [deal_id for deal_id, _, _ in values])}
    changes: dict[int, dict[int, object]] = {}
    for deal_id, field_id, value in values:
        if deal_id not in there:
            raise related_missing("dealId", f"There is no deal {deal_id}.")
        if field_id not in fields:
            raise related_missing("customFieldId", f"There is no field {field_id}.")
        changes.setdefault(deal_id, {})[field_id] = stored_value(fields[field_id], value)
    alike: dict[str, list[int]] = {}
    for deal_id, given in changes.items():
        alike.setdefault(repr(given), []).append(deal_id)
    for deal_ids in alike.values():
        # lint: no-row-loops because a turn is all deals that get the same values
        await update_deals(call.tx, deal_ids, DealChange(fields=changes[deal_ids[0]]))
    return {deal.id: deal for deal in await find_deals(call.tx, list(changes))}, fields


@routes.post("/dealCustomFieldData")
async def post_datum(call: Write) -> Answer:
    sent = call.inner("dealCustomFieldDatum")
    deal_id, field_id = sent.integer("dealId"), sent.integer("customFieldId")
    deals, fields = await _write(call, [(deal_id, field_id, sent.get("fieldValue"))])
    return Answer({"dealCustomFieldDatum": _row(call, deals[deal_id], fields[field_id], sent)})


def _row(call: Write, deal: Deal, field: RowField, sent: Sent) -> dict[str, Any]:
    return with_currency(deal_datum_row(deal, field, call.base, call.zone), sent)


@routes.post("/dealCustomFieldData/bulkCreate", takes_array=True)
async def create_data(call: Write) -> Answer:
    items = items_sent(call)
    await _write(call, [(one.integer("dealId"), one.integer("customFieldId"), one.get("fieldValue")) for one in items])
    return Answer({"message": f"{len(items)} custom field values created"})


@routes.put("/dealCustomFieldData/bulkUpdate", takes_array=True)
async def change_data(call: Write) -> Answer:
    items = items_sent(call)
    await _write(call, [(*unpair(one.integer("id")), one.get("fieldValue")) for one in items])
    return Answer({"message": f"{len(items)} custom field values updated"})


@routes.get("/dealCustomFieldData/{id}")
async def read_datum(call: Read) -> Answer:
    found = await _datum(call)
    return gone() if found is None else Answer({"dealCustomFieldDatum": deal_datum_row(*found, call.base, call.zone)})


@routes.put("/dealCustomFieldData/{id}")
async def put_datum(call: Write) -> Answer:
    found = await _datum(call)
    if found is None:
        return gone()
    deal, field = found
    sent = call.inner("dealCustomFieldDatum")
    deals, _ = await _write(call, [(deal.id, field.id, sent.get("fieldValue"))])
    return Answer({"dealCustomFieldDatum": _row(call, deals[deal.id], field, sent)})


@routes.delete("/dealCustomFieldData/{id}")
async def remove_datum(call: Write) -> Answer:
    found = await _datum(call)
    if found is None:
        return gone()
    await _write(call, [(found[0].id, found[1].id, None)])
    return Answer({"message": "Custom field value deleted"})
