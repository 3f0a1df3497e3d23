"""Which deals a request for the collection means: v3's filters and orders as ours."""

from __future__ import annotations

from typing import Any

from waypost.deals.queries.deals import DealFilter
from waypost.deals.queries.numbered import DealOrder, DealsAsked, NextTask, Place
from waypost.deals.types import TASK_TYPES, Status
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.coerce import moment

_ORDERS: dict[str, DealOrder] = {
    "title": "title",
    "value": "value",
    "cdate": "created_at",
    "contact_name": "contact_name",
    "contact_orgname": "company_name",
    "next-action": "next_task",
}
_PLACES: dict[str, Place] = {"title": "title", "contact": "contact", "org": "company"}
_NEXT: dict[str, NextTask] = {
    "upcoming": "upcoming",
    "scheduled": "upcoming",
    "overdue": "overdue",
    "no-task": "none",
}
_TIMES = ("created_after", "created_before", "updated_after", "updated_before")


def orders(call: Read) -> list[tuple[DealOrder, bool]]:
    return [(_ORDERS[column], is_down) for column, is_down in call.query.orders if column in _ORDERS]


def asked(call: Read) -> DealsAsked:
    query = call.query
    search, field = query.filter("search") or "", query.filter("search_field") or "all"
    contains: dict[Place, str] = {}
    if title := query.filter("title"):
        contains["title"] = title
    if search and field in _PLACES:
        contains[_PLACES[field]] = search
    status = query.filter_number("status")
    times: dict[str, Any] = {name: moment(value, name, call.zone) for name in _TIMES if (value := query.filter(name))}
    return DealsAsked(
        DealFilter(
            pipeline_id=query.filter_number("group", "d_groupid"),
            stage_id=query.filter_number("stage", "d_stageid"),
            status=Status(status).word if status in (0, 1, 2) else None,
            owner_id=query.filter_number("owner", "d_owner"),
            contact_id=query.filter_number("contact"),
            company_id=query.filter_number("account", "organization"),
            search="" if field in _PLACES else search,
        ),
        contains=contains,
        amount_from=query.filter_number("minimum_value"),
        amount_to=query.filter_number("maximum_value"),
        next_task=_NEXT.get(query.filter("nextdate_range") or ""),
        task_type=_task_type(query.filter_number("tasktype")),
        **times,
    )


def _task_type(number: int | None) -> str | None:
    """A type that is not there has no tasks, hence no deals."""
    if number is None:
        return None
    return TASK_TYPES[number - 1] if 1 <= number <= len(TASK_TYPES) else ""
