"""Tags and lists."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec

from waypost.contacts.comparing import Operator, Test, check, flips, holds, is_relative
from waypost.contacts.facts import ListSubscribed, ListUnsubscribed, TagAdded, TagRemoved
from waypost.contacts.types import STATUS_OF, StatusName
from waypost.kernel.errors import Problem
from waypost.kernel.model import Model
from waypost.kernel.registry import Condition, Fact
from waypost.kernel.sql import TRUE, Sql, not_, sql
from waypost.kernel.tx import ReadTx

Id = Annotated[int, msgspec.Meta(ge=1)]


class HasTag(Model):
    tag_id: Id


class HasTags(Model):
    tag_ids: Annotated[list[Id], msgspec.Meta(min_length=1, max_length=1_000)]
    match: Literal["any", "all", "none"] = "any"


class OnList(Model):
    list_id: Id | None = None
    status: StatusName = "active"


class SubscribedOn(Model):
    """When the contact subscribed to the list."""

    list_id: Id
    operator: Operator = "in_last_days"
    value: str | int | float | None = None
    value_to: str | int | float | None = None


@dataclass(frozen=True, slots=True)
class SubscribedTest:
    list_id: int
    test: Test


def _has_tag(params: HasTag, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from contacts.contact_tag ct where ct.workspace_id = {workspace}
                  and ct.contact_id = {contact_id} and ct.tag_id = {tag_id})
        """,
        contact_id=contact_id,
        tag_id=params.tag_id,
    )


def _tagged(params: HasTag) -> Sql:
    return sql(
        "select ct.contact_id from contacts.contact_tag ct where ct.workspace_id = {workspace} and ct.tag_id = {tag_id}",
        tag_id=params.tag_id,
    )


def _tags_of(params: HasTag | HasTags, contact_id: Sql) -> Sql:
    del params
    return sql(
        """
        (select coalesce(jsonb_agg(t.name order by t.name), '[]')
         from contacts.contact_tag ct join contacts.tag t on t.workspace_id = {workspace} and t.id = ct.tag_id
         where ct.workspace_id = {workspace} and ct.contact_id = {contact_id})
        """,
        contact_id=contact_id,
    )


def _has_tags(params: HasTags, contact_id: Sql) -> Sql:
    ids = sorted(set(params.tag_ids))
    count = sql(
        """
        (select count(*) from contacts.contact_tag ct where ct.workspace_id = {workspace}
           and ct.contact_id = {contact_id} and ct.tag_id = any({ids}::bigint[]))
        """,
        contact_id=contact_id,
        ids=ids,
    )
    if params.match == "all":
        return sql("{count} = {wanted}", count=count, wanted=len(ids))
    found = sql(
        """
        exists (select 1 from contacts.contact_tag ct where ct.workspace_id = {workspace}
                  and ct.contact_id = {contact_id} and ct.tag_id = any({ids}::bigint[]))
        """,
        contact_id=contact_id,
        ids=ids,
    )
    return not_(found) if params.match == "none" else found


def _all_tagged(params: HasTags) -> Sql | None:
    ids = sorted(set(params.tag_ids))
    if params.match == "none":
        return None
    return sql(
        """
        select ct.contact_id from contacts.contact_tag ct
        where ct.workspace_id = {workspace} and ct.tag_id = any({ids}::bigint[])
        group by ct.contact_id having count(*) >= {wanted}
        """,
        ids=ids,
        wanted=len(ids) if params.match == "all" else 1,
    )


def _tag_facts(params: HasTags) -> Sequence[tuple[type[Fact], int | None]]:
    return [(fact, tag_id) for fact in (TagAdded, TagRemoved) for tag_id in sorted(set(params.tag_ids))]


def _on(params: OnList) -> Sql:
    return TRUE if params.list_id is None else sql("cs.list_id = {list_id}", list_id=params.list_id)


def _on_list(params: OnList, contact_id: Sql) -> Sql:
    return sql(
        """
        exists (select 1 from contacts.subscription cs where cs.workspace_id = {workspace}
                  and cs.contact_id = {contact_id} and {on} and cs.status = {status})
        """,
        contact_id=contact_id,
        on=_on(params),
        status=int(STATUS_OF[params.status]),
    )


def _listed(params: OnList) -> Sql:
    return sql(
        """
        select {distinct} cs.contact_id from contacts.subscription cs
        where cs.workspace_id = {workspace} and {on} and cs.status = {status}
        """,
        distinct=Sql("distinct") if params.list_id is None else Sql(""),
        on=_on(params),
        status=int(STATUS_OF[params.status]),
    )


def _list_facts(params: OnList) -> Sequence[tuple[type[Fact], int | None]]:
    return [(ListSubscribed, params.list_id), (ListUnsubscribed, params.list_id)]


def _lists_of(params: OnList, contact_id: Sql) -> Sql:
    return sql(
        """
        (select coalesce(jsonb_object_agg(l.name, ({words}::text[])[cs.status + 1]), '{{}}')
         from contacts.subscription cs join contacts.list l on l.workspace_id = {workspace} and l.id = cs.list_id
         where cs.workspace_id = {workspace} and cs.contact_id = {contact_id} and {on})
        """,
        words=[status.word for status in STATUS_OF.values()],
        contact_id=contact_id,
        on=_on(params),
    )


async def _resolve(tx: ReadTx, many: Sequence[SubscribedOn]) -> list[SubscribedTest | Problem]:
    del tx
    tests = [check("moment", params.operator, params.value, params.value_to) for params in many]
    return [
        test if isinstance(test, Problem) else SubscribedTest(params.list_id, test)
        for params, test in zip(many, tests, strict=True)
    ]


def _subscription(params: SubscribedTest, contact_id: Sql, value: Sql) -> Sql:
    return sql(
        """
        (select {value} from contacts.subscription cs where cs.workspace_id = {workspace}
           and cs.contact_id = {contact_id} and cs.list_id = {list_id})
        """,
        value=value,
        contact_id=contact_id,
        list_id=params.list_id,
    )


def _subscribed_on(params: SubscribedTest, contact_id: Sql) -> Sql:
    test = holds(params.test, _subscription(params, contact_id, sql("cs.subscribed_at")))
    return sql("({test}) is true", test=test)


def _subscribed(params: SubscribedTest) -> Sql | None:
    if params.test.is_denial:
        return None
    return sql(
        """
        select cs.contact_id from contacts.subscription cs
        where cs.workspace_id = {workspace} and cs.list_id = {list_id} and {test}
        """,
        list_id=params.list_id,
        test=holds(params.test, sql("cs.subscribed_at")),
    )


def _due(params: SubscribedTest, contact_id: Sql) -> Sql | None:
    moment = flips(params.test, sql("cs.subscribed_at"))
    return None if moment is None else _subscription(params, contact_id, moment)


def _explain(params: SubscribedTest, contact_id: Sql) -> Sql:
    return _subscription(params, contact_id, sql("to_jsonb(cs.subscribed_at)"))


LINKS = (
    Condition(
        "has_tag",
        "Has tag",
        "Tags and lists",
        HasTag,
        _has_tag,
        facts=(TagAdded, TagRemoved),
        members=_tagged,
        explain=_tags_of,
        sentence="has tag {tag_id}",
    ),
    Condition(
        "has_tags",
        "Has any, all or none of tags",
        "Tags and lists",
        HasTags,
        _has_tags,
        facts=(TagAdded, TagRemoved),
        triggers=_tag_facts,
        members=_all_tagged,
        explain=_tags_of,
        sentence="has {match} of the tags {tag_ids}",
    ),
    Condition(
        "on_list",
        "Is on list",
        "Tags and lists",
        OnList,
        _on_list,
        facts=(ListSubscribed, ListUnsubscribed),
        triggers=_list_facts,
        members=_listed,
        explain=_lists_of,
        sentence="is {status}[ on list {list_id}]",
    ),
    Condition(
        "subscribed_on",
        "Subscribed to list on date",
        "Tags and lists",
        SubscribedOn,
        _subscribed_on,
        facts=(ListSubscribed, ListUnsubscribed),
        time_bound=is_relative,
        resolve=_resolve,
        members=_subscribed,
        due=_due,
        explain=_explain,
        sentence="day of joining {list_id} {operator}",
    ),
)
