"""Automations, which v3 only reads."""

from __future__ import annotations

from collections.abc import Mapping

from waypost.automations.queries import get_automation, list_automations
from waypost.automations.types import Automation
from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer, Row, meta
from waypost.dialects.activecampaign.paging import cut, matches
from waypost.dialects.activecampaign.routing import Routes
from waypost.dialects.activecampaign.rows import STATUS_NUMBERS, automation_row

routes = Routes()

ALL = 5_000
"""An account has tens of automations; filters and row numbers are applied to all of them."""


def _starts(automation: Automation) -> list[Row]:
    """Triggers as v3 lists them in meta: an id, the automation and what starts it."""
    return [
        {
            "id": f"{automation.id}{place}",
            "series": str(automation.id),
            "type": trigger.get("type", ""),
            "dealfield": "0",
        }
        for place, trigger in enumerate(automation.document.get("triggers", ()), 1)
    ]


@routes.get("/automations")
async def list_all_automations(call: Read) -> Answer:
    query = call.query
    found = sorted((await list_automations(call.tx, search=query.text("search"), limit=ALL)).items, key=lambda a: a.id)
    names, status = query.filters.get("name"), query.filter("status")
    if query.text("active").lower() in ("true", "1"):
        status = "1"
    kept = [
        one
        for one in found
        if (names is None or matches(one.name, _contains(names)))
        and (
            status is None
            or STATUS_NUMBERS[one.status] == status
            or (status == "2" and STATUS_NUMBERS[one.status] == "0")
        )
    ]
    page = cut(kept, query)
    return Answer(
        {
            "automations": [automation_row(one, call.base, call.zone) for one in page],
            "meta": meta(
                len(kept),
                starts=[row for one in page for row in _starts(one)],
                filtered=len(kept) < len(found),
                smsLogs=[],
            ),
        }
    )


def _contains(wanted: Mapping[str, str]) -> dict[str, str]:
    """A plain name filter means "contains" here, as documented."""
    return {("contains" if operator == "eq" else operator): value for operator, value in wanted.items()}


@routes.get("/automations/{id}")
async def read_automation(call: Read) -> Answer:
    return Answer({"automation": automation_row(await get_automation(call.tx, call.id), call.base, call.zone)})
