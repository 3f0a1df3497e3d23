"""Failures in v3's shapes: {"message"} for 404 and 403, {"errors": [...]} for 400 and 422."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from waypost.dialects.activecampaign.coerce import POINTER, Unreadable
from waypost.dialects.activecampaign.envelope import Answer
from waypost.kernel.errors import Failure, Invalid, Kind, Problem
from waypost.kernel.uses import StillUsed

STATUS = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 403,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 422,
    Kind.TOO_LARGE: 413,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}
MODELS: Mapping[str, tuple[str, str]] = {
    "contacts.contact_not_found": ("Subscriber", "contact_id"),
    "contacts.tag_not_found": ("Tag", "tag_id"),
    "contacts.list_not_found": ("_List", "list_id"),
    "contacts.field_not_found": ("Field", "field_id"),
    "contacts.company_not_found": ("CustomerAccount", "company_id"),
    "contacts.member_not_found": ("CustomerAccountSubscriber", "company_id"),
    "contacts.note_not_found": ("Note", "note_id"),
    "deals.deal_not_found": ("Deal", "deal_id"),
    "deals.pipeline_not_found": ("DealGroup", "pipeline_id"),
    "deals.stage_not_found": ("DealStage", "stage_id"),
    "deals.task_not_found": ("DealTask", "task_id"),
    "deals.note_not_found": ("Note", "note_id"),
    "deals.participant_not_found": ("SubscriberDeal", "participant_id"),
    "automations.automation_not_found": ("Automation", "automation_id"),
    "automations.enrollment_not_found": ("SubscriberSeries", "enrollment_id"),
    "messages.variable_not_found": ("Personalization", "variable_id"),
    "messages.template_not_found": ("Template", "template_id"),
    "identity.address_not_found": ("Address", "address_id"),
    "identity.user_not_found": ("User", "user_id"),
}
"""Our failures and the model names (and our id fields) that v3's 404 texts carry."""
PLAIN = frozenset({"objects.schema_not_found", "objects.record_not_found", "objects.definition_not_found"})
"""Newer resources say no more than that."""
COLUMNS: Mapping[str, str] = {
    "first_name": "firstName",
    "last_name": "lastName",
    "slug": "stringid",
    "key": "perstag",
    "fields": "fieldValues",
    "tag_id": "tag",
    "list_id": "list",
    "field_id": "field",
    "contact_id": "contact",
    "automation_id": "automation",
    "company_id": "account",
    "owner_id": "owner",
}


class NoResult(Failure):
    """A row that is not there."""

    kind = Kind.NOT_FOUND
    code = "activecampaign.no_result"
    template = "No Result found for {model} with id {id}"


class NotJson(Failure):
    """A body that is no JSON object."""

    kind = Kind.INVALID
    code = "activecampaign.not_json"
    template = "The body is not a JSON object."


class ParameterMissing(Failure):
    """The one recorded 400: an id that the request must name."""

    kind = Kind.INVALID
    code = "activecampaign.parameter_missing"
    template = "{detail}"


class Forbidden(Failure):
    """Refused with a message."""

    kind = Kind.FORBIDDEN
    code = "activecampaign.forbidden"
    template = "{message}"


def missing(*columns: str) -> Invalid:
    """Required columns that were not sent."""
    return Invalid([Problem(POINTER + name, f"{name} is required.", "field_missing") for name in columns])


def related_missing(column: str, message: str) -> Invalid:
    """A column that names a row which is not there."""
    return Invalid([Problem(POINTER + column, message, "related_missing")])


def errors(status: int, items: Sequence[Mapping[str, Any]]) -> Answer:
    return Answer({"errors": list(items)}, status)


def message(status: int, text: str) -> Answer:
    return Answer({"message": text}, status)


def answer_for(failure: Failure | Unreadable, *, renamed: Mapping[str, str] | None = None) -> Answer:
    """The documented answer for a failure; `renamed` are a resource's own names for our columns."""
    if isinstance(failure, Unreadable):
        return errors(422, [_item(failure.problem, {})])
    if isinstance(failure, NotJson):
        return message(400, failure.detail)
    if isinstance(failure, ParameterMissing):
        where = {"parameter": str(failure.fields["parameter"])}
        title = f"Invalid value for query parameter {where['parameter']}"
        return errors(400, [{"title": title, "detail": failure.detail, "source": where}])
    status = STATUS[failure.kind]
    if status == HTTPStatus.NOT_FOUND:
        return message(404, _not_found(failure))
    if status != HTTPStatus.UNPROCESSABLE_ENTITY:
        return message(status, failure.detail)
    problems = failure.problems or (Problem("", failure.detail, failure.code),)
    names = {**COLUMNS, **(renamed or {})}
    if failure.kind is Kind.CONFLICT and not isinstance(failure, StillUsed):
        problems = [Problem(item.pointer or "", item.message, "duplicate") for item in problems]
    return errors(422, [_item(item, names) for item in problems])


def _not_found(failure: Failure) -> str:
    if failure.code in PLAIN:
        return "Not Found"
    known = MODELS.get(failure.code)
    if known is None:
        return failure.detail
    model, field = known
    return NoResult.template.format(model=model, id=failure.fields.get(field, 0))


def _item(problem: Problem, names: Mapping[str, str]) -> dict[str, Any]:
    pointer = problem.pointer
    if not pointer.startswith(POINTER):
        first = pointer.strip("/").split("/")[0]
        pointer = POINTER + names.get(first, first)
    return {"title": problem.message, "detail": "", "code": _code(problem.code), "source": {"pointer": pointer}}


def _code(code: str) -> str:
    if code in ("field_missing", "field_invalid", "duplicate", "related_missing", StillUsed.code):
        return code
    if code.endswith(("missing", "required")):
        return "field_missing"
    if "taken" in code or "exists" in code or "duplicate" in code:
        return "duplicate"
    return "related_missing" if code.endswith("not_found") else "field_invalid"
