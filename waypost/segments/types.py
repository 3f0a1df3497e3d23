"""Rows of saved segments and the nodes of a checked condition tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from waypost.kernel.model import Model
from waypost.kernel.registry import Condition

Match = Literal["all", "any", "none"]
State = Literal["building", "current", "broken"]

STATES: tuple[State, ...] = ("building", "current", "broken")
BUILDING, CURRENT, BROKEN = range(3)


class InSegment(Model):
    """The parameters of the one condition that the grammar itself knows: a tree by its name."""

    segment_id: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """One contributed condition with its parameters: as given, and as checked against the workspace.

    Checked parameters that turned out wrong are None; such a leaf holds for nobody.
    """

    condition: Condition
    params: Any
    given: Any
    pointer: str = ""
    is_resolved: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Conditions of which all, any or none must hold; an empty group holds for everyone."""

    match: Match
    conditions: tuple[Node, ...]
    segment_id: int | None = None
    """The segment whose tree this is, where it stands in the place of its name."""


Node = Leaf | Group


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved tree, and how far its members are known."""

    id: int
    name: str
    condition: dict[str, Any]
    created_at: datetime
    updated_at: datetime
    state_number: int
    version: int
    member_count: int
    evaluated_at: datetime | None
    built_count: int
    build_total: int
    error: str | None

    @property
    def state(self) -> State:
        return STATES[self.state_number]

    @property
    def progress(self) -> float:
        """From 0 to 1."""
        if self.state_number == CURRENT:
            return 1.0
        return min(1.0, self.built_count / self.build_total) if self.build_total else 0.0
