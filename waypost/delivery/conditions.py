"""Questions about what was mailed to a contact and what it did with it.

Three places answer, each exact: the ledger (one message, ever), the engagement row (any message, last
time or number), and the log (numbers within a window, a link). A click tells that the mail was read,
even where images were blocked; several readings are counted by the pixel alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

import msgspec

from waypost.activities.deeds import Deeds, happened, happened_to, leaves_window, tell
from waypost.activities.facts import PageVisited
from waypost.contacts.comparing import Operator, Test, check, flips, holds, is_relative
from waypost.delivery.engaged import CLICKED, OPENED
from waypost.delivery.facts import ClickTakenBack, LinkClicked, MessageOpened, MessageSent, OpenTakenBack
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition, Fact
from waypost.kernel.sql import TRUE, Sql, and_, not_, sql
from waypost.kernel.tx import ReadTx

Id = Annotated[int, msgspec.Meta(ge=1)]
Days = Annotated[float, msgspec.Meta(gt=0, le=36_500)]
Count = Annotated[int, msgspec.Meta(ge=1, le=1_000_000)]


class MessageParams(Model):
    """Any message when none is named; `count` is how often at least."""

    message_id: Id | None = None
    within_days: Days | None = None
    count: Count = 1


class ClickParams(Model):
    """Any message and any link when none is named."""

    message_id: Id | None = None
    link: Id | None = None
    within_days: Days | None = None
    count: Count = 1


class LastEngagement(Model):
    """The last time; a click counts as opening. is_empty stands for never."""

    what: Literal["sent", "open", "click", "visit"] = "open"
    operator: Operator = "more_than_days_ago"
    value: str | int | float | None = None
    value_to: str | int | float | None = None


class EngagementCount(Model):
    what: Literal["sent", "open", "click", "visit"] = "open"
    operator: Literal["equals", "not_equals", "greater", "greater_or_equal", "less", "less_or_equal", "between"] = (
        "greater_or_equal"
    )
    value: int = 1
    value_to: int | None = None


@dataclass(frozen=True, slots=True)
class _Kind:
    """One thing that is done with messages: its facts, and where the ledger and the engagement row have it."""

    facts: tuple[type[Fact], ...]
    undone: tuple[type[Fact], ...]
    """Facts after which it may not have been done."""
    ledger: Sql
    last: Sql
    count: Sql


_SENT = _Kind((MessageSent,), (), sql("l.state = 2"), sql("e.last_sent_at"), sql("e.sent_count"))
_OPENED = _Kind(
    (MessageOpened, LinkClicked),
    (OpenTakenBack, ClickTakenBack),
    OPENED,
    sql("e.last_open_at"),
    sql("e.open_count"),
)
_CLICKED = _Kind((LinkClicked,), (ClickTakenBack,), CLICKED, sql("e.last_click_at"), sql("e.click_count"))


def _deeds(kind: _Kind, params: MessageParams | ClickParams) -> Deeds:
    link = params.link if isinstance(params, ClickParams) else None
    where = TRUE if params.message_id is None else sql("f.object_id = {id}", id=params.message_id)
    if link is not None:
        where = and_(where, sql("(f.data ->> 'link')::bigint = {link}", link=link))
    facts = kind.facts if params.count == 1 else kind.facts[:1]
    within = None if params.within_days is None else timedelta(days=params.within_days)
    return Deeds(tuple(fact.kind for fact in facts), where, "at_least", params.count, within)


def _engaged(kind: _Kind, params: MessageParams | ClickParams) -> Sql | None:
    """The test over the engagement row, where that row knows."""
    if params.message_id is not None or getattr(params, "link", None) is not None:
        return None
    if params.within_days is None:
        if params.count == 1:
            return sql("{last} is not null", last=kind.last)
        return sql("{number} >= {count}", number=kind.count, count=params.count)
    if params.count > 1:
        return None
    return sql("{last} > {now} - {within}", last=kind.last, within=timedelta(days=params.within_days))


def _row(value: Sql, contact_id: Sql) -> Sql:
    return sql(
        """
        (select {value} from activities.engagement e
         where e.workspace_id = {workspace} and e.contact_id = {contact_id})
        """,
        value=value,
        contact_id=contact_id,
    )


def _everyone_engaged(test: Sql) -> Sql:
    return sql(
        "select e.contact_id from activities.engagement e where e.workspace_id = {workspace} and {test}", test=test
    )


def _has_window(params: MessageParams | ClickParams) -> bool:
    return params.within_days is not None


_MORE = "[: {message_id}][, link {link}][ in the last {within_days} days][, at least {count} times]"


def _mail_condition(
    name: str, label: str, kind: _Kind, params_type: type[MessageParams] | type[ClickParams]
) -> Condition:
    def predicate(params: MessageParams | ClickParams, contact_id: Sql) -> Sql:
        test = _engaged(kind, params)
        if test is not None:
            return sql("{found} is true", found=_row(test, contact_id))
        is_plain = params.within_days is None and params.count == 1 and getattr(params, "link", None) is None
        if params.message_id is not None and is_plain:
            return _in_ledger(params.message_id, contact_id, kind.ledger)
        return happened(_deeds(kind, params), contact_id)

    def members(params: MessageParams | ClickParams) -> Sql | None:
        test = _engaged(kind, params)
        return happened_to(_deeds(kind, params)) if test is None else _everyone_engaged(test)

    def due(params: MessageParams | ClickParams, contact_id: Sql) -> Sql | None:
        return leaves_window(_deeds(kind, params), contact_id)

    def explain(params: MessageParams | ClickParams, contact_id: Sql) -> Sql:
        return tell(_deeds(kind, params), contact_id)

    return Condition(
        name,
        label,
        "Email",
        params_type,
        predicate,
        facts=(*kind.facts, *kind.undone),
        time_bound=_has_window,
        members=members,
        due=due,
        explain=explain,
        sentence=label[0].lower() + label[1:] + _MORE,
    )


def _in_ledger(message_id: int, contact_id: Sql, what: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from delivery.ledger l where l.workspace_id = {workspace} and l.contact_id = {contact_id}
                and l.message_id = {message_id} and l.source_kind not in (3, 6) and {what})
        """,
        contact_id=contact_id,
        message_id=message_id,
        what=what,
    )


@dataclass(frozen=True, slots=True)
class EngagementTest:
    """Checked: a column of the engagement row and its comparison."""

    what: str
    test: Test


_FACTS: dict[str, tuple[type[Fact], ...]] = {
    "sent": _SENT.facts,
    "open": (*_OPENED.facts, *_OPENED.undone),
    "click": (*_CLICKED.facts, *_CLICKED.undone),
    "visit": (PageVisited,),
}
_LAST = {"sent": _SENT.last, "open": _OPENED.last, "click": _CLICKED.last, "visit": sql("e.last_visit_at")}
_COUNT = {"sent": _SENT.count, "open": _OPENED.count, "click": _CLICKED.count, "visit": sql("e.visit_count")}


def _column(params: EngagementTest) -> Sql:
    return _LAST[params.what] if params.test.kind == "moment" else _COUNT[params.what]


async def _resolve(tx: ReadTx, many: Sequence[LastEngagement | EngagementCount]) -> list[EngagementTest | Problem]:
    del tx
    found: list[EngagementTest | Problem] = []
    for params in many:
        kind = "moment" if isinstance(params, LastEngagement) else "number"
        test = check(kind, params.operator, params.value, params.value_to)
        found.append(test if isinstance(test, Problem) else EngagementTest(params.what, test))
    return found


def _holds(params: EngagementTest, contact_id: Sql) -> Sql:
    """Who has no row was never engaged: counts of nought, times of never."""
    value = _row(_column(params), contact_id)
    if params.test.kind == "number":
        value = sql("coalesce({value}, 0)", value=value)
    return sql("({test}) is true", test=holds(params.test, value))


def _has_absent(test: Test) -> bool:
    """Whether it holds for those without a row."""
    if test.kind == "moment":
        return test.is_denial
    low, high = float(str(test.values[0])), float(str(test.values[-1]))
    meets = {
        "equals": low == 0,
        "greater": low < 0,
        "greater_or_equal": low <= 0,
        "less": low > 0,
        "less_or_equal": low >= 0,
        "between": low <= 0 <= high,
    }
    return meets[test.affirmed().operator] != test.is_denial


def _everyone(params: EngagementTest) -> Sql | None:
    return None if _has_absent(params.test) else _everyone_engaged(holds(params.test, _column(params)))


def _others(params: EngagementTest) -> Sql | None:
    return _everyone_engaged(not_(holds(params.test, _column(params)))) if _has_absent(params.test) else None


def _due(params: EngagementTest, contact_id: Sql) -> Sql | None:
    moment = flips(params.test, _column(params))
    return None if moment is None else _row(moment, contact_id)


def _explain(params: EngagementTest, contact_id: Sql) -> Sql:
    return _row(sql("to_jsonb({value})", value=_column(params)), contact_id)


def _triggers(params: EngagementTest) -> Sequence[tuple[type[Fact], int | None]]:
    return [(fact, None) for fact in _FACTS[params.what]]


def _engagement_condition(name: str, label: str, params_type: type[Model], sentence: str) -> Condition:
    return Condition(
        name,
        label,
        "Email",
        params_type,
        _holds,
        facts=(*_SENT.facts, *_OPENED.facts, *_OPENED.undone, PageVisited),
        time_bound=is_relative,
        resolve=_resolve,
        members=_everyone,
        others=_others,
        due=_due,
        explain=_explain,
        triggers=_triggers,
        sentence=sentence,
    )


CONDITIONS = (
    _mail_condition("was_sent", "Was sent an email", _SENT, MessageParams),
    _mail_condition("opened_message", "Opened an email", _OPENED, MessageParams),
    _mail_condition("clicked_link", "Clicked a link in an email", _CLICKED, ClickParams),
    _engagement_condition(
        "last_engagement", "Last sent, opened, clicked or visited", LastEngagement, "last {what} {operator}"
    ),
    _engagement_condition(
        "engagement_count",
        "How often sent, opened, clicked or visited",
        EngagementCount,
        "number of {what}s {operator}",
    ),
)
