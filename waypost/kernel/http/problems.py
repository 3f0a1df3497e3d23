"""Failures as application/problem+json (RFC 9457): the one place that knows status numbers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, cast

import asyncpg
import msgspec
import orjson
from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.utils.scope.state import ScopeState

from waypost.kernel.errors import Failure, Kind, Problem
from waypost.kernel.log import log

STATUS = {
    Kind.INVALID: 422,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.LIMITED: 429,
    Kind.UNAVAILABLE: 503,
}

MEDIA_TYPE = "application/problem+json"


def problem(status: int, code: str, detail: str, problems: Sequence[Problem] = ()) -> Response[bytes]:
    """A problem document; `errors` lists what is wrong and where."""
    body: dict[str, Any] = {
        "type": f"urn:waypost:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if problems:
        body["errors"] = [{"pointer": p.pointer, "message": p.message, "code": p.code} for p in problems]
    return Response(content=orjson.dumps(body), status_code=status, media_type=MEDIA_TYPE)


def on_failure(_request: Request[Any, Any, Any], failure: Failure) -> Response[bytes]:
    response = problem(STATUS[failure.kind], failure.code, failure.detail, failure.problems)
    if failure.kind is Kind.LIMITED and "retry_seconds" in failure.fields:
        response.headers["Retry-After"] = str(failure.fields["retry_seconds"])
    return response


def on_framework_error(_request: Request[Any, Any, Any], error: HTTPException) -> Response[bytes]:
    """What Litestar itself refuses: wrong bodies, unknown paths, wrong methods."""
    if isinstance(error, ValidationException):
        found = error.extra if isinstance(error.extra, list) else []
        problems = [_problem_of(item) for item in found if isinstance(item, dict)]
        return problem(422, "invalid", problems[0].message if problems else str(error.detail), problems)
    if error.status_code == 400:
        return problem(422, "invalid", str(error.detail), [Problem("/", str(error.detail))])
    code = HTTPStatus(error.status_code).name.lower()
    return problem(error.status_code, code, str(error.detail))


def _problem_of(item: dict[str, Any]) -> Problem:
    key, text = str(item.get("key", "")), str(item.get("message", ""))
    text, _, path = text.partition(" - at `")
    inner = path.rstrip("`").removeprefix("$").replace("[", ".").replace("]", "").replace(".", "/")
    named = key.replace("[", ".").replace("]", "").replace(".", "/")
    where = inner or (f"/{named}" if key and key != "data" else "/")
    if text.startswith("Object missing required field `"):
        name = text.split("`")[1]
        return Problem(f"{where.rstrip('/')}/{name}", f"{name} is required.", "missing")
    return Problem(where, text)


def on_invalid_document(_request: Request[Any, Any, Any], error: msgspec.ValidationError) -> Response[bytes]:
    from waypost.kernel.model import problem_of

    found = problem_of(error)
    return problem(422, "invalid", found.message, [found])


def on_too_deep(request: Request[Any, Any, Any], error: RecursionError) -> Response[bytes]:
    """A body nested deeper than anything of ours; a deep stack in our own code would be logged all the same."""
    log.warning("a request was nested too deep", path=request.url.path, method=request.method, error=str(error))
    return problem(422, "too_deep", "The request is nested too deep.", [Problem("/", "Nested too deep.", "too_deep")])


def on_unkept(request: Request[Any, Any, Any], error: asyncpg.DataError) -> Response[bytes]:
    """A value that was sent and no column holds: a NUL in a text, a number too great. Any other such error is a bug."""
    found = _unkept(_document_of(request)) or _unkept(dict(request.query_params))
    if found is None:
        return on_crash(request, error)
    log.warning("a value could not be kept", path=request.url.path, method=request.method, error=str(error))
    message = "This value cannot be kept: it holds a character or a number that nothing here has room for."
    return problem(422, "unkeepable", message, [Problem(found, message, "unkeepable")])


def _document_of(request: Request[Any, Any, Any]) -> object:
    """The body as it was read, if it is JSON."""
    body = ScopeState.from_scope(request.scope).body
    try:
        return json.loads(body) if isinstance(body, bytes) else None
    except (ValueError, RecursionError):
        return None


def _unkept(document: object) -> str | None:
    """Where a text holds a NUL, or a number is beyond what a column of numbers takes."""
    waiting = [("", document)]
    while waiting:
        pointer, value = waiting.pop()
        if isinstance(value, dict):
            waiting += [(f"{pointer}/{name}", inner) for name, inner in cast("dict[str, object]", value).items()]
        elif isinstance(value, list):
            waiting += [(f"{pointer}/{place}", inner) for place, inner in enumerate(cast("list[object]", value))]
        elif (isinstance(value, str) and "\0" in value) or (isinstance(value, int) and abs(value) >= 2**63):
            return pointer
    return None


def on_crash(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """A bug: logged with its trace, answered without it."""
    log.error("request failed", path=request.url.path, method=request.method, exc_info=error)
    return problem(500, "internal", "Something went wrong on our side. It has been logged.")


HANDLERS: dict[Any, Any] = {
    Failure: on_failure,
    HTTPException: on_framework_error,
    msgspec.ValidationError: on_invalid_document,
    RecursionError: on_too_deep,
    asyncpg.DataError: on_unkept,
    Exception: on_crash,
}
