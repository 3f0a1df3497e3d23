"""Rows of saved segments and the nodes of a checked condition tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from waypost.kernel.model import Model
from waypost.kernel.registry import Condition

Match = Literal["all", "any", "none"]


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


Node = Leaf | Group


@dataclass(frozen=True, slots=True)
class Segment:
    """A saved tree."""

    id: int
    name: str
    condition: dict[str, Any]
    created_at: datetime
    updated_at: datetime
