"""Routes about the whole: the registry's words, live updates, health and metrics."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.response import ServerSentEvent
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from waypost.kernel.errors import Failure, Kind, NotSignedIn
from waypost.kernel.http.auth import Caller, key_in
from waypost.kernel.registry import Registry, TriggerWord, Usage
from waypost.kernel.sql import sql
from waypost.kernel.tx import ReadTx
from waypost.kernel.uses import list_uses
from waypost.kernel.work import SystemWork


class DatabaseDown(Failure):
    kind = Kind.UNAVAILABLE
    code = "health.database_down"
    template = "The database does not answer."


@get("/healthz", opt={"public": True}, include_in_schema=False)
async def read_health(work: SystemWork) -> dict[str, str]:
    """Answers once the database does."""
    try:
        async with work.db.read(0) as read:
            await read.value(sql("select 1"))
    except (OSError, TimeoutError) as error:
        raise DatabaseDown from error
    return {"status": "ok"}


@get("/metrics", opt={"public": True}, include_in_schema=False)
async def read_metrics(request: Request[Any, Any, Any], work: SystemWork) -> Response[bytes]:
    """Prometheus text. Behind a token when one is set, else open to callers on this machine only."""
    token = work.settings.metrics_token
    given = key_in(request.scope["headers"]) or ""  # type: ignore[arg-type]
    local = request.client is not None and request.client.host in ("127.0.0.1", "::1")
    if (token and not hmac.compare_digest(given, token)) or (not token and not local):
        raise NotSignedIn
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


@get("/api/v1/registry")
async def read_registry(work: SystemWork) -> Response[bytes]:
    """The words of every domain, with a JSON schema for each form."""
    return Response(msgspec.json.encode(describe(work.registry)), media_type=MediaType.JSON)


def describe(registry: Registry) -> dict[str, Any]:
    return {
        "conditions": [
            {"type": c.type, "label": c.label, "group": c.group, "params": _schema(c.params)}
            for c in registry.conditions.values()
        ],
        "steps": [
            {
                "type": s.type,
                "label": s.label,
                "group": s.group,
                "icon": s.icon,
                "exits": _exits(s),
                "params": _schema(s.params),
            }
            for s in registry.steps.values()
        ],
        "triggers": _triggers(registry),
        "merge_fields": [
            {"name": m.name, "tag": m.tag, "label": m.label, "sample": m.sample} for m in registry.merge_fields.values()
        ],
    }


def _triggers(registry: Registry) -> list[dict[str, Any]]:
    """Facts that start automations, with settings beyond the object where they have any; then what is no fact."""
    words = registry.trigger_words
    facts = [
        {"type": f.name, "label": f.label, "object": f.object, "picker": f.picker, "params": _params(words.get(f.name))}
        for f in registry.triggers
    ]
    others = [word for word in words.values() if word.label]
    return [
        *facts,
        *({"type": w.type, "label": w.label, "object": None, "picker": None, "params": _params(w)} for w in others),
    ]


def _params(word: TriggerWord | None) -> dict[str, Any] | None:
    return None if word is None else _schema(word.params)


def _exits(step: Any) -> list[str]:
    """The exits with default settings; a step whose exits depend on its settings is asked with none."""
    if step.exits is None:
        return []
    return list(step.exits(None))


def _schema(params: type[msgspec.Struct]) -> dict[str, Any]:
    (schema,), components = msgspec.json.schema_components([params], ref_template="#/$defs/{name}")
    name = schema["$ref"].rpartition("/")[2]
    root = components.pop(name)
    return {**root, "$defs": components} if components else root


@get("/api/v1/uses/{noun:str}/{object_id:int}")
async def read_uses(read: ReadTx, noun: str, object_id: int) -> dict[str, list[Usage]]:
    """Everything that names a tag, list, field, message, segment or automation."""
    return {"items": await list_uses(read, noun, object_id)}


@get("/api/v1/live", include_in_schema=False)
async def stream_live(caller: Caller, request: Request[Any, Any, Any]) -> ServerSentEvent:
    """Server-sent events {"channels": [...]}: which parts of the workspace have news."""

    async def events() -> AsyncIterator[str]:
        async for text in request.app.state.live.events(caller.workspace_id):
            yield text

    return ServerSentEvent(events())


ROUTES = (read_health, read_metrics, read_registry, read_uses, stream_live)
