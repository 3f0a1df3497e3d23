"""Rows of saved segments and the nodes of a checked condition tree."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec

from waypost.kernel.model import Model
from waypost.kernel.registry import Condition

Match = Literal["all", "any", "none"]


class InSegment(Model):
    """The parameters of the one condition that the grammar itself knows: a tree by its name."""

    segment_id: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """One contributed condition with its checked parameters."""

    condition: Condition
    params: msgspec.Struct


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
