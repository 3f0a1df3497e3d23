"""Deals: lists, one, writes. Values are in the currency's smallest unit on both sides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from msgspec import UNSET

from waypost.contacts.errors import CompanyNotFound, ContactNotFound, FieldNotFound
from waypost.contacts.queries.companies import find_companies
from waypost.contacts.queries.contacts import find_contact
from waypost.contacts.types import RowField
from waypost.deals.actions.changing import DealChange
from waypost.deals.actions.deals import NewDeal, create_deal, delete_deal, update_deal, update_deals
from waypost.deals.errors import PipelineNotFound, StageElsewhere, StageNotFound
from waypost.deals.queries.deals import find_deals, get_deal
from waypost.deals.queries.fields import list_deal_fields
from waypost.deals.queries.numbered import CurrencySum, list_deals_from, sum_deals
from waypost.deals.queries.pipelines import get_pipeline, get_stage
from waypost.deals.types import Deal, Status
from waypost.dialects.activecampaign.accounts import fields_sent
from waypost.dialects.activecampaign.calls import Read, Sent, Write
from waypost.dialects.activecampaign.coerce import Unreadable, integer, text
from waypost.dialects.activecampaign.company_rows import account_row
from waypost.dialects.activecampaign.deal_query import asked, orders
from waypost.dialects.activecampaign.deal_rows import deal_datum_row, deal_row, group_row, stage_row
from waypost.dialects.activecampaign.envelope import Answer, Row, echo
from waypost.dialects.activecampaign.errors import missing, related_missing
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import contact_row
from waypost.identity.errors import UserNotFound

DEAL_COLUMNS = {
    "stage_id": "stage",
    "pipeline_id": "group",
    "probability": "percent",
    "fields": "fields",
}
routes = Routes(DEAL_COLUMNS)

MOST_VALUE = 2**53
MOST_PERCENT = 100
MOST_TEXT = 20_000
MOST_AT_ONCE = 1_000


@contextmanager
def related() -> Iterator[None]:
    """Rows that a body names and that are not there, each under its column."""
    try:
        yield
    except ContactNotFound as failure:
        raise related_missing("contact", failure.detail) from failure
    except CompanyNotFound as failure:
        raise related_missing("account", failure.detail) from failure
    except UserNotFound as failure:
        raise related_missing("owner", failure.detail) from failure
    except PipelineNotFound as failure:
        raise related_missing("group", failure.detail) from failure
    except (StageNotFound, StageElsewhere) as failure:
        raise related_missing("stage", failure.detail) from failure
    except FieldNotFound as failure:
        raise related_missing("fields", failure.detail) from failure


@routes.get("/deals")
async def list_all_deals(call: Read) -> Answer:
    """The total is a number here, and comes with sums by currency."""
    wanted = asked(call)
    found = await list_deals_from(
        call.tx, wanted, orders=orders(call), limit=call.query.limit(), offset=call.query.offset
    )
    sums = await sum_deals(call.tx, wanted)
    meta = {"currencies": {one.currency: _sum(one) for one in sums} or [], "total": sum(one.count for one in sums)}
    return Answer({"deals": [deal_row(deal, call.base, call.zone) for deal in found], "meta": meta})


def _sum(one: CurrencySum) -> Row:
    return {"total": str(one.count), "value": str(one.value), "currency": one.currency, "isDisabled": False}


def _value(sent: Sent) -> int:
    """Recorded: a fraction is cut off."""
    try:
        value = int(float(text(sent.get("value"))))
    except (ValueError, OverflowError) as error:
        raise Unreadable("value", "value is not a number.") from error
    if abs(value) > MOST_VALUE:
        raise Unreadable("value", "value is too large.")
    return value


def _status(sent: Sent) -> Status:
    try:
        return Status(integer(sent.get("status"), "status"))
    except ValueError as error:
        raise Unreadable("status", "status must be 0 (open), 1 (won) or 2 (lost).") from error


def _percent(sent: Sent) -> int | None:
    """Clients that know no percent send 0, which leaves it to the stage."""
    percent = integer(sent.get("percent") or 0, "percent")
    if not 0 <= percent <= MOST_PERCENT:
        raise Unreadable("percent", "percent must be between 0 and 100.")
    return percent or None


def _id(sent: Sent, *names: str) -> int | None:
    """0, an empty text and null stand for none."""
    given = sent.get(*names)
    return None if given in (None, "") else integer(given, names[0]) or None


def _common(sent: Sent) -> dict[str, Any]:
    """The columns that are the same in a new deal and in a change, as far as sent."""
    given: dict[str, Any] = {}
    for name in ("title", "description", "currency"):
        if sent.has(name):
            given[name] = sent.text(name)
            if len(given[name]) > MOST_TEXT:
                raise Unreadable(name, f"{name} is longer than {MOST_TEXT} characters.")
    if sent.has("value"):
        given["value"] = _value(sent)
    if sent.has("percent"):
        given["probability"] = _percent(sent)
    if sent.has("status"):
        given["status"] = _status(sent)
    if sent.has("owner"):
        given["owner_id"] = _id(sent, "owner")
    if sent.has("contact"):
        given["contact_id"] = _id(sent, "contact")
    if sent.has("account", "customerAccount"):
        given["company_id"] = _id(sent, "account", "customerAccount")
    return given


async def _fields(call: Write, sent: Sent) -> tuple[Sequence[RowField], dict[int, object] | None]:
    known = await list_deal_fields(call.tx) if sent.has("fields") else []
    return known, fields_sent(sent, known)


async def _sideloads(call: Read, deal: Deal) -> Row:
    """Whom and what the deal belongs to."""
    contact = None if deal.contact_id is None else await find_contact(call.tx, deal.contact_id)
    companies = [] if deal.company_id is None else await find_companies(call.tx, [deal.company_id])
    pipeline = await get_pipeline(call.tx, deal.pipeline_id)
    stage = await get_stage(call.tx, deal.stage_id)
    rows: Row = {
        "contacts": [] if contact is None else [contact_row(contact, call.base, call.zone)],
        "dealGroups": [group_row(pipeline, call.base, call.zone)],
        "dealStages": [stage_row(stage, call.base, call.zone)],
    }
    return {**rows, "accounts": [account_row(one, call.base, call.zone) for one in companies]} if companies else rows


async def _written(
    call: Write, deal: Deal, sent: Sent, known: Sequence[RowField], values: dict[int, object] | None
) -> Row:
    row = echo(deal_row(deal, call.base, call.zone), {**sent.values, "value": _shown_value(deal, sent)})
    shown = [deal_datum_row(deal, field, call.base, call.zone) for field in known if field.id in (values or {})]
    saved = [
        {"customFieldId": one["customFieldId"], "fieldValue": one["fieldValue"], "dealId": str(deal.id)}
        for one in shown
    ]
    status: Row = {"fields": saved, "customFieldSaveStatus": {"status": "success"}}
    return {**await _sideloads(call, deal), "deal": {**row, **status}}


def _shown_value(deal: Deal, sent: Sent) -> object:
    """What is kept, as a number when a number was sent."""
    return deal.value if isinstance(sent.get("value"), int | float) else str(deal.value)


@routes.post("/deals")
async def post_deal(call: Write) -> Answer:
    sent = call.inner("deal")
    sent.require("title", "value", "currency", "owner")
    if not sent.text("contact") and not sent.text("account", "customerAccount"):
        raise missing("contact", "account")
    if not sent.text("group") and not sent.text("stage"):
        raise missing("group", "stage")
    with related():
        known, values = await _fields(call, sent)
        new = NewDeal(**_common(sent), pipeline_id=_id(sent, "group"), stage_id=_id(sent, "stage"), fields=values or {})
        deal = await create_deal(call.tx, new)
    return Answer(await _written(call, deal, sent, known, values), 201)


@routes.get("/deals/{id}")
async def read_deal(call: Read) -> Answer:
    return Answer({"deal": deal_row(await get_deal(call.tx, call.id), call.base, call.zone)})


async def _stage_sent(call: Write, sent: Sent, deal: Deal) -> int | None:
    """A stage, which must be in the group when one is sent too; another group alone means its first stage."""
    stage_id, group_id = _id(sent, "stage"), _id(sent, "group")
    if stage_id is not None:
        stage = await get_stage(call.tx, stage_id)
        if group_id not in (None, stage.pipeline_id):
            raise StageElsewhere(stage_id=stage_id)
        return stage_id
    if group_id in (None, deal.pipeline_id):
        return None
    return (await get_pipeline(call.tx, group_id)).stages[0].id


@routes.put("/deals/{id}")
async def put_deal(call: Write) -> Answer:
    sent, there = call.inner("deal"), await get_deal(call.tx, call.id)
    with related():
        known, values = await _fields(call, sent)
        stage_id = await _stage_sent(call, sent, there)
        change = DealChange(
            **_common(sent),
            stage_id=UNSET if stage_id is None else stage_id,
            fields=UNSET if values is None else values,
        )
        deal = await update_deal(call.tx, call.id, change)
    return Answer(await _written(call, deal, sent, known, values))


@routes.delete("/deals/{id}")
async def remove_deal(call: Write) -> Answer:
    await delete_deal(call.tx, call.id)
    return Answer({})


def _owners(call: Write) -> list[tuple[int, int | None]]:
    """The deals of the body and the owner each is to have."""
    given = call.body.get("deals", call.body.get("array"))
    if not isinstance(given, list) or not given:
        raise missing("deals")
    items = cast("list[object]", given)
    if len(items) > MOST_AT_ONCE:
        raise Unreadable("deals", f"At most {MOST_AT_ONCE} deals at once.")
    sent = [Sent(cast("dict[str, Any]", item) if isinstance(item, dict) else {}) for item in items]
    return [(one.integer("id"), one.integer("ownerId") or None) for one in sent]


@routes.put("/deals/bulkUpdate", takes_array=True)
async def change_owners(call: Write) -> Answer:
    """Who has which deals: one change for all that go to the same owner."""
    wanted = dict(_owners(call))
    before = {deal.id: deal.owner_id for deal in await find_deals(call.tx, list(wanted))}
    changed = [deal_id for deal_id in before if before[deal_id] != wanted[deal_id]]
    with related():
        for owner_id in dict.fromkeys(wanted[deal_id] for deal_id in changed):
            ids = [deal_id for deal_id in changed if wanted[deal_id] == owner_id]
            # lint: no-row-loops because a turn is all deals of one new owner
            await update_deals(call.tx, ids, DealChange(owner_id=owner_id))
    same = [deal_id for deal_id in before if deal_id not in set(changed)]
    return Answer({"success": changed, "nochange": same, "failed": [one for one in wanted if one not in before]})
