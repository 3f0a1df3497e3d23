"""Bodies of the routes about versions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from waypost.automations.changes import Change
from waypost.automations.schemas.automations import AutomationOut
from waypost.automations.succession import Move, Occupied, Way
from waypost.automations.types import Version
from waypost.kernel.model import Model, Out


class MoveIn(Model):
    """Where those on a step go; `to_step_id` is for the way "step"."""

    step_id: str
    way: Way
    to_step_id: str = ""

    @property
    def move(self) -> Move:
        return Move(self.step_id, self.way, self.to_step_id)


class PublicationIn(Model):
    """How to publish: what is not named in `moves` stays where it can, and else goes to the next step left.

    `waits` "count" lets time already waited count toward a wait's new length; "keep" leaves due times alone.
    `inside` "finish" lets everyone inside finish on the version they are on.
    """

    note: str = ""
    moves: list[MoveIn] = []
    waits: Literal["count", "keep"] = "count"
    inside: Literal["move", "finish"] = "move"


class ValueOut(Out):
    """A setting before and after."""

    name: str
    before: Any
    after: Any


class ChangeOut(Out):
    """One difference: a step, a trigger or the settings that came, went, changed or moved."""

    kind: str
    part: str
    id: str
    type: str
    values: list[ValueOut]

    @classmethod
    def of(cls, change: Change) -> ChangeOut:
        values = [ValueOut(name=item.name, before=item.before, after=item.after) for item in change.values]
        return cls(kind=change.kind, part=change.part, id=change.id, type=change.type, values=values)


class OccupiedOut(Out):
    """A step on which contacts stand; `next_step_id` is where "next" leads, null is out."""

    step_id: str
    type: str
    here: int
    change: str
    next_step_id: str | None

    @classmethod
    def of(cls, item: Occupied) -> OccupiedOut:
        return cls(
            step_id=item.step_id, type=item.type, here=item.here, change=item.change, next_step_id=item.next_step_id
        )


class PublicationOut(Out):
    """What publishing would change, and who is inside."""

    changes: list[ChangeOut]
    occupied: list[OccupiedOut]

    @classmethod
    def of(cls, changes: Sequence[Change], occupied: Sequence[Occupied]) -> PublicationOut:
        return cls(
            changes=[ChangeOut.of(item) for item in changes], occupied=[OccupiedOut.of(item) for item in occupied]
        )


class PublishedOut(Out):
    """The automation, and how many contacts moved to the new version or were let out."""

    automation: AutomationOut
    moved: int


class VersionOut(Out):
    """A published version; `document` and `changes` (since the one before) only where one version is asked for."""

    number: int
    published_by: int | None
    published_by_name: str | None
    note: str
    created_at: datetime
    inside: int
    document: dict[str, Any] | None
    changes: list[ChangeOut] | None

    @classmethod
    def of(cls, item: Version, changes: Sequence[Change] | None = None) -> VersionOut:
        return cls(
            number=item.number,
            published_by=item.published_by,
            published_by_name=item.published_by_name,
            note=item.note,
            created_at=item.created_at,
            inside=item.inside,
            document=None if changes is None else item.document,
            changes=None if changes is None else [ChangeOut.of(change) for change in changes],
        )


class VersionList(Out):
    """The newest first."""

    items: list[VersionOut]
    next: str | None = None
    total: int | None = None

    @classmethod
    def of(cls, versions: Sequence[Version]) -> VersionList:
        return cls(items=[VersionOut.of(item) for item in versions], total=len(versions))
