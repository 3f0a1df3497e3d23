"""Several ways: by the first condition that holds, or by chance in any shares."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any
from zlib import crc32

import msgspec

from waypost.automations.lots import lots
from waypost.kernel.model import Model
from waypost.kernel.registry import Batch, Branch, Step
from waypost.kernel.tx import Tx
from waypost.segments.queries import matching

MOST_PATHS = 10
OTHERWISE = "otherwise"
PathId = Annotated[str, msgspec.Meta(pattern="^[a-z0-9_]{1,20}$")]
Name = Annotated[str, msgspec.Meta(max_length=100)]
WHOLE = 100


class ConditionPath(Model):
    """A way with its condition; the id names the exit and stays when the name changes."""

    id: PathId
    condition: dict[str, Any]
    name: Name = ""


class BranchParams(Model):
    """The first path whose condition holds is taken; who meets none goes `otherwise`."""

    paths: list[ConditionPath]

    def __post_init__(self) -> None:
        check_paths([path.id for path in self.paths], least=1)


class SharePath(Model):
    """A way with its share of a hundred; a holdout is a way on which to compare what happens without."""

    id: PathId
    name: Name = ""
    percent: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    is_holdout: bool = False


class SharesParams(Model):
    """Without shares all paths get the same; with them they make a hundred."""

    paths: list[SharePath]

    def __post_init__(self) -> None:
        check_paths([path.id for path in self.paths], least=2)
        shares = [path.percent for path in self.paths if path.percent is not None]
        if shares and (len(shares) < len(self.paths) or sum(shares) != WHOLE):
            raise ValueError("the shares of the paths must make 100, or be left out for all")


def check_paths(ids: Sequence[str], *, least: int) -> None:
    if not least <= len(ids) <= MOST_PATHS:
        raise ValueError(f"there must be {least} to {MOST_PATHS} paths")
    if len(set(ids)) < len(ids) or OTHERWISE in ids:
        raise ValueError("every path needs an id of its own")


def shares_of(paths: Sequence[SharePath]) -> list[float]:
    """Each path's share of one."""
    return [1 / len(paths) if path.percent is None else path.percent / WHOLE for path in paths]


def seed_of(automation_id: int, step_id: str) -> int:
    return crc32(f"{automation_id}:{step_id}".encode()) << 24


async def branch(tx: Tx, batch: Batch, params: BranchParams) -> Branch:
    rest = list(batch.contact_ids)
    exits: dict[str, list[int]] = {}
    for path in params.paths:
        # lint: no-row-loops because a turn is a path, for everyone
        found = await matching(tx, path.condition, rest) if rest else set[int]()
        exits[path.id] = [contact_id for contact_id in rest if contact_id in found]
        rest = [contact_id for contact_id in rest if contact_id not in found]
    return Branch({**exits, OTHERWISE: rest})


async def split(tx: Tx, batch: Batch, params: SharesParams) -> Branch:
    del tx
    return Branch(divide(batch.contact_ids, params.paths, seed=seed_of(batch.automation_id, batch.step_id)))


def divide(contact_ids: Sequence[int], paths: Sequence[SharePath], *, seed: int) -> dict[str, list[int]]:
    """Each contact's path by its lot, so that asking again gives the same way."""
    limits: list[float] = []
    for share in shares_of(paths):
        limits.append((limits[-1] if limits else 0) + share)
    exits: dict[str, list[int]] = {path.id: [] for path in paths}
    last = paths[-1].id
    for contact_id, lot in zip(contact_ids, lots(contact_ids, seed=seed), strict=True):
        taken = next((path.id for path, limit in zip(paths, limits, strict=True) if lot < limit), last)
        exits[taken].append(contact_id)
    return exits


def branch_exits(params: BranchParams | None) -> Sequence[str]:
    return (*((path.id for path in params.paths) if params else ()), OTHERWISE)


def share_exits(params: SharesParams | None) -> Sequence[str]:
    return tuple(path.id for path in params.paths) if params else ()


BRANCH = Step(
    type="branch", label="Several conditions", group="flow", icon="split", params=BranchParams,
    run=branch, exits=branch_exits, reads=True,
)  # fmt: skip
SPLIT_PATHS = Step(
    type="split_paths", label="Split into paths", group="flow", icon="shuffle", params=SharesParams,
    run=split, exits=share_exits,
)  # fmt: skip
