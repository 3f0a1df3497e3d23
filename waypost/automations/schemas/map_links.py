"""Bodies of the map of all automations."""

from __future__ import annotations

from dataclasses import asdict

import msgspec

from waypost.automations.map_links import AutomationMap
from waypost.kernel.model import Out


class MapNode(Out):
    id: int
    name: str
    status: str


class MapLink(Out):
    """A step of one automation has a say in another: it starts, ends or triggers it, or decides in its conditions."""

    from_id: int
    to_id: int
    way: str
    step_id: str
    what: str
    object_id: int | None


class MapFinding(Out):
    """A loop or a conflict, in words."""

    kind: str
    severity: str
    automation_ids: list[int]
    message: str


class MapOut(Out):
    nodes: list[MapNode]
    links: list[MapLink]
    findings: list[MapFinding]

    @classmethod
    def of(cls, drawn: AutomationMap) -> MapOut:
        return cls(
            nodes=[MapNode(id=node.id, name=node.name, status=node.status.name.lower()) for node in drawn.nodes],
            links=msgspec.convert([asdict(link) for link in drawn.links], list[MapLink]),
            findings=msgspec.convert([asdict(item) for item in drawn.findings], list[MapFinding]),
        )
