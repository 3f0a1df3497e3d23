"""Automations, and their versions: one file a noun."""

from __future__ import annotations

from waypost.automations.routes import automations, deleted, map_links, report, simulations, versions

ROUTES = (
    *automations.ROUTES,
    *deleted.ROUTES,
    *versions.ROUTES,
    *report.ROUTES,
    *simulations.ROUTES,
    *map_links.ROUTES,
)
