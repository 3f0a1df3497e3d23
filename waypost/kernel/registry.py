"""The vocabulary that domains contribute: facts, conditions, steps, merge fields, jobs, engines.

A registry is built from the manifests at start; there are no globals, so a test can build its own.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

import msgspec

from waypost.kernel.errors import Failure, Kind
from waypost.kernel.sql import Sql

if TYPE_CHECKING:
    from waypost.kernel.tx import ReadTx, Tx
    from waypost.kernel.work import SystemWork, Work


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a contact. Subclasses are frozen dataclasses with these class attributes."""

    kind: ClassVar[int]
    """Stable number stored in the log; never reused."""
    name: ClassVar[str]
    label: ClassVar[str]
    object: ClassVar[str | None] = None
    """Name of the field that holds the object's id; the other fields go to `data`."""
    picker: ClassVar[str | None] = None
    """What a person chooses to narrow a trigger: tag, list, field, message, automation."""
    is_trigger: ClassVar[bool] = False

    def object_id(self) -> int | None:
        return None if self.object is None else getattr(self, self.object)

    def data(self) -> dict[str, object] | None:
        found = {item.name: getattr(self, item.name) for item in fields(self) if item.name != self.object}
        return {name: value for name, value in found.items() if value is not None} or None


@dataclass(frozen=True, slots=True)
class Condition:
    """A question about a contact, as a boolean expression over its id."""

    type: str
    label: str
    group: str
    params: type[msgspec.Struct]
    predicate: Callable[[Any, Sql], Sql]
    facts: tuple[type[Fact], ...] = ()
    """Facts after which the answer may differ."""
    time_bound: bool | Callable[[Any], bool] = False
    """Whether the answer may change by the passing of time alone, always or with these parameters as given."""
    resolve: Callable[[ReadTx, Sequence[Any]], Awaitable[Sequence[Any]]] | None = None
    """Checks many parameters against the workspace; for each what the functions here are called with, or a
    `Problem` with a place relative to the parameters. Without it they are called with the parameters."""
    members: Callable[[Any], Sql | None] | None = None
    """Everyone for whom it holds, as a statement yielding contact_id once each (deleted contacts may be among
    them); None where looking at each contact is the only way."""
    others: Callable[[Any], Sql | None] | None = None
    """Where `members` gives None: everyone for whom it does not hold, in the same form."""
    due: Callable[[Any, Sql], Sql | None] | None = None
    """The next moment at which the answer for a contact may change by time alone, as an expression; may be null."""
    explain: Callable[[Any, Sql], Sql] | None = None
    """The contact's value that is compared, as jsonb."""
    triggers: Callable[[Any], Sequence[tuple[type[Fact], int | None]]] | None = None
    """The facts, with their object where it matters, after which the answer may differ; else `facts`."""
    sentence: str = ""
    """How it is said: "is on list {list_id}[ with status {status}]". What stands in brackets is said only where
    one of its parameters was chosen; an {operator} says its value with it."""


@dataclass(frozen=True, slots=True)
class Branch:
    """Contacts leave by these exits; who is named in none goes on with the next step."""

    exits: Mapping[str, Sequence[int]]


@dataclass(frozen=True, slots=True)
class Wait:
    """Contacts stay on the step until a time, one for all or one each."""

    until: datetime | Mapping[int, datetime]
    is_movable: bool = False
    """Whether the step is asked again when one of the facts it names in `wakes` happens."""


@dataclass(frozen=True, slots=True)
class WaitFor:
    """Contacts stay until the condition holds or the time-out passes (exits `met` and `timed_out`)."""

    condition: Mapping[str, Any]
    timeout: datetime | None
    met: frozenset[int] | None = None
    """Those for whom it holds, where the step has asked already."""


@dataclass(frozen=True, slots=True)
class End:
    """The contacts' run is over."""


@dataclass(frozen=True, slots=True)
class Parts:
    """Different outcomes for different contacts."""

    parts: Sequence[tuple[Sequence[int], Outcome]]


Outcome = Branch | Wait | WaitFor | End | Parts


class Batch(Protocol):
    """The contacts that stand on one step in one pass of the engine."""

    @property
    def contact_ids(self) -> Sequence[int]: ...
    @property
    def automation_id(self) -> int: ...
    @property
    def version_id(self) -> int: ...
    @property
    def step_id(self) -> str: ...
    def enrollment_id(self, contact_id: int) -> int:
        """The run of this contact."""
        ...

    def defer(
        self,
        flush: Callable[[Tx, list[tuple[Sequence[int], Any]]], Awaitable[None]],
        contact_ids: Sequence[int],
        payload: Any,
    ) -> None:
        """Leave a write for the end of the pass, where all payloads of one `flush` come together."""
        ...

    def record(self, fact: Fact, contact_ids: Sequence[int]) -> None:
        """Leave a fact for the end of the pass, where all are written by one COPY."""
        ...

    def park(self, contact_ids: Sequence[int], reason: str) -> None:
        """Take contacts out of the run because the step cannot be done for them."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """Something an automation does with a set of contacts. `run` must be idempotent."""

    type: str
    label: str
    group: str
    icon: str
    params: type[msgspec.Struct]
    run: Callable[[Tx, Batch, Any], Awaitable[Outcome | None]]
    exits: Callable[[Any], Sequence[str]] | None = None
    """Named ways out that have an arm each; asked with None for those of a new step."""
    leaps: Callable[[Any], Mapping[str, str | None]] | None = None
    """Named ways out without an arm: to a step by its id, or to the end (None)."""
    wakes: Callable[[Any], Sequence[tuple[type[Fact], int | None]]] | None = None
    """Facts, with their object where it matters, after which a movable wait may end at another time."""
    reads: bool = False
    """Whether it looks at contacts, so that what earlier steps have left to write must be there."""
    lasts: Callable[[Any], timedelta | None] | None = None
    """How long one rests here at most: when that changes, the time that has passed counts toward the new length."""
    resets: bool = False
    """Whether one who rests here is asked anew, as on arrival, when its settings change."""


@dataclass(frozen=True, slots=True)
class TriggerWord:
    """Settings of a trigger: of a fact by its name, or of something else that starts automations (with a label)."""

    type: str
    label: str
    params: type[msgspec.Struct]
    data: Mapping[str, str] = field(default_factory=dict[str, str])
    """Which setting is compared with which value of the fact."""
    path: Callable[[Mapping[str, Any]], str | None] | None = None
    """From the settings, what the fact's data must meet, in the language of jsonpath."""


@dataclass(frozen=True, slots=True)
class MergeField:
    """A value of a contact that text can hold; `column` is SQL over `contact` (alias) yielding text."""

    name: str
    tag: str
    label: str
    sample: str
    column: Sql


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """Work for later: the payload is the class. `run` may be called again after a crash."""

    name: ClassVar[str]

    async def run(self, work: Work) -> None:
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class Schedule:
    """A cron line (UTC) that runs a job once for the whole installation (workspace 0)."""

    cron: str
    job: Job


@dataclass(frozen=True, slots=True)
class Consumer:
    """Reads the activity log in order; `handle` gets each committed slice once."""

    name: str
    facts: tuple[type[Fact], ...] | None
    """What it reads; None stands for every fact."""
    handle: Callable[[Tx, Sql], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Engine:
    """Set-wise work that is found rather than queued.

    `due` yields the workspaces with work; `open` holds what lives as long as the worker and yields
    `tick(workspace_id) -> more`. A notification on `channel` wakes it, else it looks every interval.
    """

    name: str
    channel: str
    due: Callable[[], Sql]
    open: Callable[[SystemWork], AbstractAsyncContextManager[Callable[[int], Awaitable[bool]]]]
    interval_seconds: float = 1.0


@dataclass(frozen=True, slots=True)
class Usage:
    """Something that names a row of another domain; live when it would break without the row."""

    kind: str
    id: int
    name: str
    is_live: bool


@dataclass(frozen=True, slots=True)
class Personal:
    """A table with rows about contacts, and what becomes of them when contacts are merged or erased.

    Merging moves the rows to the survivor; where a row of the survivor clashes, the survivor's stays.
    Erasing deletes them. `settle` runs before, with the pairs (contact_id, survivor_id; null at erasing),
    where counts or states hang on the rows.
    """

    table: str
    column: str = "contact_id"
    key: tuple[str, ...] | None = None
    """Columns of which a contact has each value once; () means one row a contact, None any number."""
    newest: str | None = None
    """A time by which the later one of two clashing rows stays instead."""
    sums: tuple[str, ...] = ()
    """Columns of the survivor's row to which a clashing row's are added."""
    latest: tuple[str, ...] = ()
    """Columns of which the later of two clashing rows' stays."""
    is_derived: bool = False
    """Worked out from other tables: merging drops the rows, an export leaves them out."""
    blank: Sql | None = None
    """Erasing sets this instead of deleting, where totals hang on the rows."""
    shown: Sql | None = None
    """What an export of the person shows for the row `t`, as jsonb, where the row itself says too little."""
    settle: Callable[[Tx, Sql], Awaitable[None]] | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """What a domain adds to the whole; every domain's manifest.py holds one."""

    name: str
    routes: Sequence[Any] = ()
    raw_routes: Mapping[str, Callable[[SystemWork], Any]] | None = None
    """ASGI applications (made once per web process) for path prefixes, before the framework."""
    jobs: Sequence[type[Job]] = ()
    schedules: Sequence[Schedule] = ()
    consumers: Sequence[Consumer] = ()
    engines: Sequence[Engine] = ()
    facts: Sequence[type[Fact]] = ()
    conditions: Sequence[Condition] = ()
    steps: Sequence[Step] = ()
    triggers: Sequence[TriggerWord] = ()
    merge: Sequence[MergeField] = ()
    personal: Sequence[Personal | str] = ()
    """Tables with a contact's data, which merging, erasing and exporting a contact walk; a bare name
    stands for rows that simply move."""
    uses: Callable[[ReadTx, str, int], Awaitable[Sequence[Usage]]] | None = None
    """What of this domain names the row (noun, id) of another; see kernel/uses.py."""
    names: Mapping[str, Sql] | None = None
    """By noun, the id and name of everything that may be named as `<noun>_id`."""


class WordUnknown(Failure):
    kind = Kind.INVALID
    code = "registry.word_unknown"
    template = "There is no {noun} called {name}."


class Registry:
    """Every domain's words, looked up by name."""

    def __init__(self, domains: Sequence[Domain]) -> None:
        self.domains = tuple(domains)
        self.facts = {fact.name: fact for domain in domains for fact in domain.facts}
        self.fact_kinds = {fact.kind: fact for domain in domains for fact in domain.facts}
        self.conditions = {item.type: item for domain in domains for item in domain.conditions}
        self.steps = {item.type: item for domain in domains for item in domain.steps}
        self.trigger_words = {item.type: item for domain in domains for item in domain.triggers}
        self.merge_fields = {item.name: item for domain in domains for item in domain.merge}
        self.jobs = {job.name: job for domain in domains for job in domain.jobs}
        self.schedules = [item for domain in domains for item in domain.schedules]
        self.consumers = [item for domain in domains for item in domain.consumers]
        self.engines = [item for domain in domains for item in domain.engines]
        self.personal = [
            Personal(item) if isinstance(item, str) else item for domain in domains for item in domain.personal
        ]
        counts = [len(domain.facts) for domain in domains]
        if len(self.fact_kinds) != sum(counts) or len(self.facts) != sum(counts):
            raise ValueError("two facts share a name or a kind")

    def condition(self, name: str) -> Condition:
        if name not in self.conditions:
            raise WordUnknown(noun="condition", name=name)
        return self.conditions[name]

    def step(self, name: str) -> Step:
        if name not in self.steps:
            raise WordUnknown(noun="step", name=name)
        return self.steps[name]

    @property
    def triggers(self) -> Sequence[type[Fact]]:
        return [fact for fact in self.facts.values() if fact.is_trigger]
