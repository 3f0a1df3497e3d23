"""Writes docs/reference from the code: the API, facts, conditions, steps, jobs and settings."""

from __future__ import annotations

import dataclasses
import inspect
import json
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from waypost.app.domains import build_registry, load_domains
from waypost.app.server import create_app
from waypost.kernel.config import Settings
from waypost.kernel.registry import Registry

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "reference"
NOTE = "This page is written by `./dev openapi`; change the code, not the page.\n"


def pages() -> dict[str, str]:
    """Every generated page by its name."""
    registry = build_registry()
    return {
        "facts.md": _facts(registry),
        "conditions.md": _conditions(registry),
        "steps.md": _steps(registry),
        "jobs.md": _jobs(registry),
        "settings.md": _settings(),
    }


def _table(title: str, intro: str, head: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    lines = [f"# {title}\n", intro + "\n", NOTE, "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def _facts(registry: Registry) -> str:
    rows = (
        (f"`{fact.name}`", fact.kind, fact.label, fact.object or "", "yes" if fact.is_trigger else "")
        for fact in sorted(registry.facts.values(), key=lambda item: item.kind)
    )
    intro = "What the activity log can say happened to a contact. Triggers can start an automation."
    return _table("Facts", intro, ("name", "kind", "label", "object", "trigger"), rows)


def _conditions(registry: Registry) -> str:
    rows = (
        (f"`{item.type}`", item.label, item.group, ", ".join(f"`{name}`" for name in _fields(item.params)))
        for item in sorted(registry.conditions.values(), key=lambda item: item.type)
    )
    intro = "Questions that segments, automations and conditional content can ask about a contact."
    return _table("Conditions", intro, ("type", "label", "group", "parameters"), rows)


def _steps(registry: Registry) -> str:
    rows = (
        (f"`{item.type}`", item.label, item.group, ", ".join(f"`{name}`" for name in _fields(item.params)))
        for item in sorted(registry.steps.values(), key=lambda item: item.type)
    )
    return _table("Steps", "What an automation can do.", ("type", "label", "group", "parameters"), rows)


def _jobs(registry: Registry) -> str:
    crons = {item.job.name: item.cron for item in registry.schedules}
    rows = [(f"`{name}`", "job", crons.get(name, "")) for name in sorted(registry.jobs)]
    rows += [(f"`{item.name}`", "consumer of the log", "") for item in registry.consumers]
    rows += [
        (f"`{item.name}`", "engine", f"every {item.interval_seconds:g} s, or when woken") for item in registry.engines
    ]
    return _table("Jobs, consumers and engines", "What the worker does.", ("name", "form", "when"), rows)


def _settings() -> str:
    rows = []
    for item in dataclasses.fields(Settings):
        default = "" if item.default is dataclasses.MISSING or item.default == "" else f"`{item.default}`"
        if item.name == "data_dir":
            default = "the user's data directory"
        rows.append((f"`WAYPOST_{item.name.upper()}`", default, item.metadata["help"]))
    return _table(
        "Settings", "All are read from the environment, once, at start.", ("name", "default", "meaning"), rows
    )


def _fields(params: type) -> tuple[str, ...]:
    return tuple(getattr(params, "__struct_fields__", ()))


def openapi() -> str:
    """The native API's description."""
    front: Any = create_app(Settings(data_dir=Path("/nonexistent"), database_url="postgresql://", secret_key="x"))  # noqa: S106
    framework = inspect.getclosurevars(front).nonlocals["framework"]
    return json.dumps(framework.openapi_schema.to_schema(), indent=1, sort_keys=True) + "\n"


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in {**pages(), "openapi.json": openapi()}.items():
        (FOLDER / name).write_text(text)
    print(f"{len(load_domains())} domains described in {FOLDER}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
