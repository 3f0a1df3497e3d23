"""The ready templates that come with the package: whole messages to begin with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Template:
    id: str
    name: str
    description: str
    subject: str
    preheader: str
    document: dict[str, Any]
    number: int = 0
    """The number its file begins with, and one: it stays when others are added."""


@lru_cache(maxsize=1)
def load_templates() -> tuple[Template, ...]:
    """In the order of their files."""
    folder = resources.files("waypost.messages.templates")
    files = sorted((item for item in folder.iterdir() if item.name.endswith(".json")), key=lambda item: item.name)
    return tuple(
        Template(**json.loads(item.read_text(encoding="utf-8")), number=int(item.name.split("-")[0]) + 1)
        for item in files
    )
