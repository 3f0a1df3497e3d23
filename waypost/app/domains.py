"""The table of contents: every domain of the house, from the bottom of the ladder to the top."""

from __future__ import annotations

from importlib import import_module

from waypost.kernel.registry import Domain, Registry

NAMES = (
    "identity",
    "activities",
    "contacts",
    "segments",
    "media",
    "messages",
    "delivery",
    "deals",
    "objects",
    "scores",
    "imports",
    "exports",
    "automations",
    "campaigns",
    "reports",
    "bulk",
    "dialects.activecampaign",
)


def load_domains() -> tuple[Domain, ...]:
    """Every domain's manifest, in ladder order."""
    return tuple(import_module(f"waypost.{name}.manifest").DOMAIN for name in NAMES)


def build_registry() -> Registry:
    return Registry(load_domains())
