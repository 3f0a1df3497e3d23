"""Resources that nothing here fills yet: they answer as an account answers that has none of them.

Clients that walk every collection, or look something up before they make it, go on instead of stopping. What would
make one is not offered (405): nothing is accepted that would not be kept.
"""

from __future__ import annotations

from dataclasses import dataclass

from waypost.dialects.activecampaign.calls import Read
from waypost.dialects.activecampaign.envelope import Answer, Row
from waypost.dialects.activecampaign.errors import NoResult, message
from waypost.dialects.activecampaign.routing import ID, TEXT, ReadHandler, Routes, WriteHandler

routes = Routes()


@dataclass(frozen=True, slots=True)
class Vacant:
    """A collection's path and key, the model its 404 names, and what is offered on one row."""

    path: str
    model: str = ""
    one: str = ""
    """Any of G (read), P (change) and D (delete)."""
    key: str = ""
    name: str = ID
    """How a row is named in the path."""
    total: int | str | None = "0"
    """Newer resources count in numbers, a few not at all."""
    status: int = 404
    writes: str = ""
    """Where the path of changes is spelled differently."""


VACANT = (
    Vacant("brandings", "Branding", "GP"),
    Vacant("calendars", "Calendar", "GPD"),
    Vacant("configs", "ConfigResult", "P"),
    Vacant("connectionOptions"),
    Vacant("connections", "Connection", "GPD"),
    Vacant("contactConversions"),
    Vacant("conversions"),
    Vacant("conversionTriggers"),
    Vacant("dealGroup/get_inaccessible_deal_groups", key="dealGroups", total=None),
    Vacant("dealGroupUsers"),
    Vacant("dealRoles", "DealRole", "D"),
    Vacant("ecomCustomers", "EcomCustomer", "GPD"),
    Vacant("ecomOrderActivities"),
    Vacant("ecomOrderProducts", "EcomOrderProduct", "G", total=None),
    Vacant("ecomOrders", "EcomOrder", "GPD"),
    Vacant("eventTrackingEvents", "EventTrackingEvent", "D", name=TEXT, total=0),
    Vacant("forms", "Form", "GPD", status=403),
    Vacant("prism/urlWhitelistings", "UrlWhitelisting", "D", key="data", name=TEXT, total=None),
    Vacant("savedResponses", "SavedResponse", "GPD"),
    Vacant("siteMessages"),
    Vacant("siteTrackingDomains", "SiteTrackingDomain", "D", name=TEXT, total=0),
    Vacant("sms"),
    Vacant("sms/lists", key="lists", total=0),
    Vacant("taskOutcomes", "TaskOutcome", "GPD", writes="taskOutccomes"),
    Vacant("tasktypeOutcomeRels", "TasktypeOutcomeRel", "GPD"),
    Vacant("webhook/events", key="webhookEvents", total=0),
    Vacant("webhooks", "Webhook", "GPD"),
    Vacant("webhooks/events", key="webhookEvents", total=0),
)
"""Two names follow their spelling in the original: `taskOutccomes`, and both `webhook/events` and `webhooks/events`."""
PARENTS = (
    ("/ecomOrders/{id}/orderProducts", "EcomOrder"),
    ("/geoIps/{id}/geoAddress", "GeoAddress"),
)


def _none_of(vacant: Vacant) -> ReadHandler:
    async def handle(_call: Read) -> Answer:
        body: Row = {vacant.key or vacant.path: []}
        if vacant.total is not None:
            body["meta"] = {"total": vacant.total}
        return Answer(body)

    return handle


def _no(model: str, status: int = 404) -> ReadHandler:
    async def handle(call: Read) -> Answer:
        return message(status, NoResult.template.format(model=model, id=call.path[0]))

    return handle


def _offer(vacant: Vacant) -> None:
    routes.get(f"/{vacant.path}")(_none_of(vacant))
    missing = _no(vacant.model, vacant.status)
    changing: WriteHandler = missing
    if "G" in vacant.one:
        routes.get(f"/{vacant.path}/{vacant.name}")(missing)
    if "P" in vacant.one:
        routes.put(f"/{vacant.writes or vacant.path}/{vacant.name}")(changing)
    if "D" in vacant.one:
        routes.delete(f"/{vacant.writes or vacant.path}/{vacant.name}")(changing)


for _vacant in VACANT:
    _offer(_vacant)
for _path, _model in PARENTS:
    routes.get(_path)(_no(_model))
LISTED = frozenset(f"{method} {path}" for method, path in routes.listed)
